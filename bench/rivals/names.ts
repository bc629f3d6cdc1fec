import { refuse } from "../../src/errors.ts";
import type { Kind } from "./workloads.ts";

/** A library on one of its backends. */
export interface Rival {
  readonly name: string;
  /** Its file in `libraries/`; ours and PyTorch have none there. */
  readonly library?: string;
  /** What the file imports. */
  readonly packages: readonly string[];
  readonly backend: string;
  readonly kinds: readonly Kind[];
}

export const OURS = "webgpu-rnn";
export const PYTORCH = "pytorch";

const ALL: readonly Kind[] = ["training", "sampling", "inference"];
const tfjs = {
  library: "tfjs",
  packages: ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm", "@tensorflow/tfjs-backend-webgpu"],
  kinds: ALL,
};
const jax = { library: "jax", packages: ["@jax-js/jax"], kinds: ALL };
const onnx = { library: "onnx", packages: ["onnxruntime-web"], kinds: ["sampling", "inference"] as Kind[] };

/** In the order of the rows. */
export const RIVALS: readonly Rival[] = [
  { name: OURS, packages: [], backend: "webgpu", kinds: ALL },
  { name: "tfjs-webgpu", backend: "webgpu", ...tfjs },
  { name: "jax-webgpu", backend: "webgpu", ...jax },
  { name: "onnx-webgpu", backend: "webgpu", ...onnx },
  { name: "tfjs-wasm", backend: "wasm", ...tfjs },
  { name: "jax-wasm", backend: "wasm", ...jax },
  { name: "onnx-wasm", backend: "wasm", ...onnx },
  { name: PYTORCH, packages: [], backend: "cpu", kinds: ALL },
];

/**
 * Ours and those named, in the order of the rows.
 * @param words names, with commas between
 * @returns what is to be said of each name that is unknown, beside the rivals that are not
 * @throws WebgpuRnnError when none is known
 */
export function rivalsOf(words: string): { readonly rivals: readonly Rival[]; readonly unknown: readonly string[] } {
  const named = words.split(",");
  const known = RIVALS.map(({ name }) => name);
  const unknown = named
    .filter((each) => !known.includes(each))
    .map((each) => refuse({ what: "--only", expected: `some of ${known.join(", ")}`, got: each || "an empty name" }));
  if (unknown.length === named.length) throw unknown[0];
  return {
    rivals: RIVALS.filter(({ name }) => name === OURS || named.includes(name)),
    unknown: unknown.map(({ message }) => message),
  };
}
