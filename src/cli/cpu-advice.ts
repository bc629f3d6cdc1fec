import type { AdapterSummary } from "../gpu/device.ts";

/**
 * Where a library on the CPU of the same machine took less time than ours, by `match` of `bench/rivals`: an LSTM's
 * inference over one row (T 100), a character model's training step (B 32, T 64) and its sampling, each at 32 or 64 to 256
 * units, on two cores.
 */
const MEASURED: readonly (readonly [adapter: string, found: string])[] = [
  [
    "SwiftShader",
    "training from about 256 units up (jax-js on WASM took 7.8, 5.3, 2.4 and 0.8 of our time at 32, 64, 128 and 256 units), " +
      "inference and sampling at every size (ONNX Runtime on WASM 0.05 to 0.41)",
  ],
  [
    "llvmpipe",
    "training from somewhere above 256 units up (jax-js on WASM took 7.3, 5.6, 2.3 and 1.1 of our time at 32, 64, 128 and " +
      "256 units), inference and sampling at every size (ONNX Runtime on WASM 0.06 to 0.9)",
  ],
];

/** From which size a library that computes on the CPU is faster, or that nobody has measured it on this adapter. */
export function cpuAdvice({ name, software }: AdapterSummary): string {
  const found = MEASURED.find(([adapter]) => name.toLowerCase().includes(adapter.toLowerCase()));
  if (found) return `a library on the CPU is faster, as measured on ${found[0]} with two cores: ${found[1]}`;
  const measured = MEASURED.map(([adapter]) => adapter).join(" and ");
  const here = software ? "This one computes on the CPU as they do." : "A GPU has little in common with them.";
  return `from which size a library on the CPU is faster was measured on ${measured} only, not on this adapter. ${here}`;
}
