import { wholeNumbers } from "../check.ts";
import { oneHot as recordOneHot } from "../ops/one-hot.ts";
import type { Layer } from "./layer.ts";

/**
 * 1 at each id, else 0, as `torch.nn.functional.one_hot`: ids [T, B] → [T, B, V]. No parameters.
 * @param vocabulary V, how many ids there are
 * @throws WebgpuRnnError when it is not a whole number from 1 to 65,536
 */
export function oneHot(vocabulary: number): Layer {
  wholeNumbers("oneHot", { vocabulary });
  return {
    kind: "oneHot",
    config: { vocabulary },
    parameters: [],
    input: "ids",
    output: vocabulary,
    record: ({ recorder }, ids) => recordOneHot(recorder, ids, vocabulary),
  };
}
