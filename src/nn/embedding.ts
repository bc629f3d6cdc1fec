import { wholeNumbers } from "../check.ts";
import { embed } from "../ops/embedding.ts";
import { checkWeightOptions, initialOf, type WeightOptions } from "./initializers.ts";
import type { Layer } from "./layer.ts";

/**
 * A table of vectors, looked up by id, as `torch.nn.Embedding`: ids [T, B] → [T, B, E].
 * Parameter `weight` [V, E], normal at the start, or as `initial` says.
 * @param vocabulary V, how many ids there are
 * @param features E, length of each vector
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536 or an option is none of its choices
 */
export function embedding(vocabulary: number, features: number, options: WeightOptions = {}): Layer {
  wholeNumbers("embedding", { vocabulary, features });
  checkWeightOptions("embedding", options);
  const shape = [vocabulary, features];
  const initial = initialOf(options.initial?.weight, shape, { kind: "normal" });
  return {
    kind: "embedding",
    config: { vocabulary, features, ...options },
    parameters: [{ name: "weight", shape, initial }],
    input: "ids",
    output: features,
    record: ({ recorder, parameter }, ids) => embed(recorder, ids, parameter("weight")),
  };
}
