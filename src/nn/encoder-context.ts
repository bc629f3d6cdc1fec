import { wholeNumbers } from "../check.ts";
import { refuse } from "../errors.ts";
import { recordContext } from "../ops/context.ts";
import type { Layer } from "./layer.ts";

/**
 * Lets a decoder see at every step what its encoder ended with (Cho et al. 2014): behind each of its inputs [T, B, I]
 * stands the final output of the encoder's last recurrent layer, that of both directions side by side: [T, B, I + C].
 * Between an embedding of I and a recurrent layer of I + C inputs, in the decoder of `encoderDecoder`.
 * @param inputs I
 * @param context C, what the encoder's last recurrent layer gives
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536
 */
export function encoderContext(inputs: number, context: number): Layer {
  wholeNumbers("encoderContext", { inputs, context });
  return {
    kind: "encoderContext",
    config: { inputs, context },
    parameters: [],
    input: inputs,
    output: inputs + context,
    record({ recorder, encoded }, x) {
      const summary = encoded?.summary ?? [];
      const got = summary.reduce((sum, { shape: [, width] }) => sum + width, 0);
      if (got === context) return recordContext(recorder, x, summary);
      const cure = "put it into the decoder of encoderDecoder";
      throw refuse({ what: "encoderContext", expected: `an encoder that ends with ${context}`, got: `${got}`, cure });
    },
  };
}
