import { type Gpu, openDevice } from "../gpu/device.ts";
import type { AdapterKind } from "../node/adapter.ts";
import { provideAdapter } from "../node/install.ts";

/** Opens a device on a real GPU, else on a software adapter, for which it installs a browser if need be. */
export async function openGpu(kind: AdapterKind | undefined): Promise<Gpu> {
  return openDevice({ adapter: await provideAdapter(kind) });
}

/** The adapter's name, and whether it is software. */
export const adapterText = ({ adapter }: Gpu): string =>
  adapter.software ? `${adapter.name} (software, on the CPU)` : adapter.name;

/**
 * Where a library that computes on the CPU is faster, as measured; undefined of a GPU, on which nobody has measured where
 * that begins.
 */
export const cpuAdvice = ({ adapter }: Gpu): string | undefined =>
  adapter.software
    ? "without a GPU, a library that computes on the CPU may be faster: on SwiftShader, jax-js on WASM took 0.3 to 1.3 of our " +
      "time for training steps, ONNX Runtime on WASM 0.06 to 0.2 for inference"
    : undefined;
