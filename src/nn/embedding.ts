import { wholeNumbers } from "../check.ts";
import { embed } from "../ops/embedding.ts";
import type { Layer } from "./layer.ts";

/**
 * A table of vectors, looked up by id, as `torch.nn.Embedding`: ids [T, B] → [T, B, E].
 * Parameter `weight` [V, E], normal at the start.
 * @param vocabulary V, how many ids there are
 * @param features E, length of each vector
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536
 */
export function embedding(vocabulary: number, features: number): Layer {
  wholeNumbers("embedding", { vocabulary, features });
  return {
    kind: "embedding",
    config: { vocabulary, features },
    parameters: [{ name: "weight", shape: [vocabulary, features], initial: { kind: "normal" } }],
    input: "ids",
    output: features,
    record: ({ recorder, parameter }, ids) => embed(recorder, ids, parameter("weight")),
  };
}
