import { refuse } from "../errors.ts";
import { type PoolingOptions, poolOverTime } from "../ops/pooling.ts";
import type { Layer, Unsized } from "./layer.ts";

/**
 * The last step of each row, at its own length: [T, B, N] → [1, B, N]; 0 for a row without a step. Above a recurrent
 * layer, with nothing between but activations and dropout, each direction's final output: a reverse direction's is that
 * of the row's first step, and of a bidirectional layer half is each, as PyTorch's `h_n`. No parameters.
 * @throws WebgpuRnnError, in `sequential`, above a bidirectional layer whose `merge` is not "concat"
 */
export function lastStep(): Unsized {
  return pooling("lastStep", "last", ({ output, kind, reversedFrom = output }) => {
    if (reversedFrom !== "merged") return reversedFrom;
    const got = `those of a ${kind} layer, merged step by step`;
    const cure = 'give that layer returns: "last" in place of lastStep()';
    throw refuse({ what: "lastStep", expected: "directions side by side", got, cure });
  });
}

/** The mean of each row over its own steps: [T, B, N] → [1, B, N]; 0 for a row without a step. No parameters. */
export const meanOverTime = (): Unsized => pooling("meanOverTime", "mean");

/**
 * The largest number of each feature over the row's own steps: [T, B, N] → [1, B, N]; 0 for a row without a step. The
 * gradient goes to the first of equals. No parameters.
 */
export const maxOverTime = (): Unsized => pooling("maxOverTime", "max");

function pooling(
  kind: string,
  mode: PoolingOptions["mode"],
  firstReversed: (below: Layer) => number = ({ output }) => output,
): Unsized {
  return {
    kind,
    fit(below) {
      const reversed = firstReversed(below);
      return {
        kind,
        config: {},
        parameters: [],
        input: below.output,
        output: below.output,
        pools: true,
        wholeSequence: true,
        record: ({ recorder, mask }, x) => poolOverTime(recorder, x, { mode, reversed, mask }),
      };
    },
  };
}
