import { embeddingBackward, embeddingForward } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { backwardTile, forwardTile } from "./embedding-tiles.ts";
import { MOST_WORKGROUPS } from "./rows-grid.ts";

/** Invocations of a workgroup on the way forward. */
const INVOCATIONS = 64;

/** Rows of a table by their ids. */
export interface Lookup {
  readonly ids: Tensor; // u32 [T, B]
  readonly table: Tensor; // [V, E]
}

const lookups = new WeakMap<Tensor, Lookup>();

/** What made a tensor, if {@link embed} did: who only multiplies its rows can look up products of the table instead. */
export const lookupOf = (x: Tensor): Lookup | undefined => lookups.get(x);

/**
 * Looks ids up in a table of vectors, as `torch.nn.Embedding`; not before something reads them.
 * @param ids u32 [T, B]
 * @param table [V, E]
 * @returns [T, B, E]
 */
export function embed(recorder: Recorder, ids: Tensor, table: Tensor): Tensor {
  const out = recorder.scratch("output", [...ids.shape, table.shape[1] as number]);
  lookups.set(out, { ids, table });
  recorder.defer(out, () => {
    lookUp(recorder, { ids, table }, out);
    recorder.onBackward(() => {
      const { tensor: dtable, accumulate } = recorder.gradientTarget(table);
      lookUpBackward(recorder, ids, recorder.gradient(out), { dtable, accumulate });
    });
  });
  return out;
}

/** @param out [T, B, E] */
export function lookUp(recorder: Recorder, { ids, table }: Lookup, out: Tensor): void {
  const rows = sizeOf(ids.shape);
  const columns = table.shape[1] as number;
  const { flags, constants } = forwardTile(columns, recorder.target);
  const ROWS = INVOCATIONS / constants.LANES;
  recorder.dispatch({
    label: "lookup",
    variant: { kernel: embeddingForward, flags, constants: { ...constants, ROWS } },
    bindings: { ids, table, out },
    dims: { rows, columns },
    workgroups: [Math.min(Math.ceil(rows / ROWS), MOST_WORKGROUPS), 1, 1],
  });
}

/**
 * Sums up what each row of a table was looked up for.
 * @param dout [T, B, E]
 * @param to.dtable [V, E]
 */
export function lookUpBackward(
  recorder: Recorder,
  ids: Tensor,
  dout: Tensor,
  { dtable, accumulate }: { dtable: Tensor; accumulate: boolean },
): void {
  const [vocabulary, columns] = dtable.shape as [number, number];
  const { flags, constants, width } = backwardTile(vocabulary, columns, recorder.target);
  recorder.dispatch({
    label: "lookup_gradient",
    variant: { kernel: embeddingBackward, flags: { ACCUMULATE: accumulate, ...flags }, constants },
    bindings: { ids, dout, dtable },
    dims: { rows: sizeOf(ids.shape), columns, vocabulary },
    workgroups: [Math.ceil(vocabulary / constants.SPAN), Math.ceil(columns / width), 1],
  });
}
