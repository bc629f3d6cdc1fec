import { WebgpuRnnError } from "../errors.ts";
import { DISPOSED } from "../gpu/memory.ts";
import type { Parameters } from "../train/parameters.ts";
import { Network, type NetworkOptions } from "./network.ts";

/** Shapes that are kept ready; one more takes the place of the one that has rested longest. */
const MOST = 8;

/** The networks of a model over one set of weights, one for each shape, made at their first use. */
export class Networks {
  readonly #parameters: Parameters;
  readonly #common: Pick<NetworkOptions, "gradients" | "seed">;
  readonly #networks = new Map<string, Promise<Network>>();
  #disposed = false;

  /** @param parameters are released with the networks */
  constructor(parameters: Parameters, common: Pick<NetworkOptions, "gradients" | "seed">) {
    this.#parameters = parameters;
    this.#common = common;
  }

  /** Throws when these networks or what they run on have been disposed of, even if their weights live on elsewhere. */
  check(): void {
    if (this.#disposed) throw new WebgpuRnnError(DISPOSED);
    this.#parameters.memory.check();
  }

  get(shape: Pick<NetworkOptions, "batch" | "time" | "masked">): Promise<Network> {
    this.check();
    const key = JSON.stringify([shape.batch, shape.time, shape.masked]);
    const found = this.#networks.get(key) ?? Network.create(this.#parameters, { ...shape, ...this.#common });
    this.#networks.delete(key);
    this.#networks.set(key, found); // the latest comes last
    found.catch(() => this.#networks.delete(key));
    for (const [oldest, network] of [...this.#networks].slice(0, -MOST)) {
      this.#networks.delete(oldest);
      network.then((made) => made.dispose()).catch(() => undefined);
    }
    return found;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const network of this.#networks.values()) network.then((made) => made.dispose()).catch(() => undefined);
    this.#networks.clear();
    this.#parameters.release();
  }
}
