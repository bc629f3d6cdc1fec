import { WebgpuRnnError } from "../errors.ts";
import { DISPOSED } from "../gpu/memory.ts";
import type { Parameters } from "../train/parameters.ts";
import { tune } from "../train/tune.ts";
import { Network, type NetworkOptions, type RecordedNetwork, recordNetwork } from "./network.ts";

/** Shapes that are kept ready; one more takes the place of the one that has rested longest. */
const MOST = 8;

type Shape = Pick<NetworkOptions, "batch" | "time" | "masked">;

interface Kept {
  readonly recorded: RecordedNetwork;
  readonly made: Promise<Network>;
}

/** The networks of a model over one set of weights, one for each shape, made at their first use. */
export class Networks {
  readonly #parameters: Parameters;
  readonly #common: Pick<NetworkOptions, "gradients" | "seed">;
  readonly #networks = new Map<string, Kept>();
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

  /**
   * @param take what is to be made of the network's record before it is anyone's; where that throws, nothing has changed
   */
  async get<Taken>(
    shape: Shape,
    take: (recorded: RecordedNetwork) => Taken,
  ): Promise<{ network: Network; taken: Taken }> {
    this.check();
    const key = JSON.stringify([shape.batch, shape.time, shape.masked]);
    const { gpu } = this.#parameters.memory;
    if (gpu.choices && !this.#networks.has(key)) {
      await tune(gpu, this.#parameters.model, { ...shape, training: this.#common.gradients });
      this.check();
    }
    const found = this.#networks.get(key);
    const recorded = found?.recorded ?? this.#record(shape);
    const taken = take(recorded);
    const made = found?.made ?? Network.create(this.#parameters, recorded);
    this.#networks.delete(key);
    this.#networks.set(key, { recorded, made }); // the latest comes last
    made.then(
      () => this.#dropOldest(),
      () => this.#networks.delete(key),
    );
    return { network: await made, taken };
  }

  #record(shape: Shape): RecordedNetwork {
    return recordNetwork(this.#parameters, { ...shape, ...this.#common }, this.#parameters.memory.gpu.target);
  }

  #dropOldest(): void {
    for (const [oldest, kept] of [...this.#networks].slice(0, -MOST)) {
      this.#networks.delete(oldest);
      disposeOf(kept);
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const kept of this.#networks.values()) disposeOf(kept);
    this.#networks.clear();
    this.#parameters.release();
  }
}

const disposeOf = ({ made }: Kept): void => {
  made.then((network) => network.dispose()).catch(() => undefined);
};
