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
