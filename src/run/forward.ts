import { type Layout, toHost } from "../batch/host-layout.ts";
import { deviceInputs, type Inputs } from "../batch/inputs.ts";
import { deviceMask, type RowSteps } from "../batch/mask.ts";
import { onlyKnown } from "../check.ts";
import { refuse, WebgpuRnnError } from "../errors.ts";
import type { Elements } from "../gpu/memory.ts";
import type { Model } from "../nn/sequential.ts";
import type { HostTensor, NamedTensors, Tensor } from "../tensor.ts";
import type { Network, RecordedNetwork } from "./network.ts";
import type { Networks } from "./networks.ts";
import { fillStates, namedStates } from "./states.ts";

/** What a model is run on. */
export interface Forward extends RowSteps {
  /** Ids [B, T], or features [B, T, I]. */
  readonly inputs: Inputs;
  /** By name, such as `0.h_l0` [B, H]; those left out are zero, or learned. */
  readonly initialStates?: NamedTensors;
  /**
   * Names of forward tensors to look at: the output, such as `0.h_l0`, or `0.y_l0` of a Jordan network, and the activated
   * gates, such as `0.gates_l0` (of a cell of one's own, which keeps no gates, W·x + b).
   */
  readonly taps?: readonly string[];
}

export interface ForwardResult {
  /** [B, T, O]; where only final outputs are returned [B, 1, O]. */
  readonly outputs: HostTensor;
  /** By name, each row's at its own length. */
  readonly finalStates: NamedTensors;
  readonly taps: NamedTensors;
}

const NAMES: readonly (keyof Forward)[] = ["inputs", "lengths", "mask", "initialStates", "taps"];

export interface ForwardLimits {
  readonly batch: number;
  readonly time: number;
  readonly layout: Layout;
}

type Written = readonly (readonly [Tensor, Elements])[];

/** Runs forward, and remembers what the way back needs. */
export class ForwardPass {
  readonly #networks: Networks;
  readonly #model: Model;
  readonly #limits: ForwardLimits;
  #network: Network | undefined;
  #written: Written = [];
  #draws = 0;
  #ready = false;

  constructor(networks: Networks, model: Model, limits: ForwardLimits) {
    this.#networks = networks;
    this.#model = model;
    this.#limits = limits;
  }

  /** The network of the latest call. */
  get network(): Network | undefined {
    return this.#network;
  }

  /** @throws WebgpuRnnError when something is not as the model takes it; nothing has run then */
  async run(given: Forward): Promise<ForwardResult> {
    onlyKnown("forward", given, NAMES);
    const { batch: mostRows, time: mostSteps, layout } = this.#limits;
    const { batch, time, elements } = deviceInputs(this.#model, given.inputs, layout, mostRows);
    if (batch > mostRows || time > mostSteps) {
      const expected = `at most batch ${mostRows} and time ${mostSteps}, as announced`;
      throw refuse({ what: "inputs", expected, got: `batch ${batch} and time ${time}` });
    }
    const mask = deviceMask(given, batch, time, layout === "batch-first");
    const { network, taken } = await this.#networks.get({ batch, time, masked: mask !== undefined }, (recorded) => ({
      taps: tapsOf(recorded, given.taps ?? []),
      states: fillStates("initialStates", recorded.stateParts, given.initialStates),
    }));
    const { recorded } = network;
    const { taps, states } = taken;
    const written: Written = [
      [recorded.inputs, elements],
      ...(mask ? [[recorded.mask as Tensor, mask] as const] : []),
      ...states,
      [recorded.counters, Uint32Array.of(this.#draws++, 0, 0, 0)],
    ];
    const read = await network.play("forward", written, [recorded.output, ...states.keys(), ...taps.values()]);
    [this.#network, this.#written, this.#ready] = [network, written, true];
    return {
      outputs: sequenceOf(recorded.output, read, layout),
      finalStates: namedStates(recorded.stateParts, read),
      taps: new Map([...taps].map(([name, tap]) => [name, sequenceOf(tap, read, layout)])),
    };
  }

  /** The network to go back through. @throws WebgpuRnnError when there is nothing to go back from */
  toGoBack(what: string): Network {
    if (this.#network && this.#ready) return this.#network;
    throw new WebgpuRnnError(`${what}: expected a forward call before each backward call. Call forward first.`);
  }

  /** Runs the latest call once more, with the same draws. */
  async again(): Promise<Network> {
    const network = this.#network;
    if (!network) throw new WebgpuRnnError("gradientFlow: expected a forward call before. Call forward first.");
    if (!this.#ready) await network.play("forward", this.#written, []);
    return network;
  }

  /** The way back has taken what was saved. */
  gone(): void {
    this.#ready = false;
  }
}

function tapsOf({ taps }: RecordedNetwork, names: readonly string[]): Map<string, Tensor> {
  const expected = `names among ${[...taps.keys()].join(", ")}`;
  if (!Array.isArray(names)) throw refuse({ what: "taps", expected, got: `${names}, no array` });
  return new Map(
    names.map((name) => {
      const tap = taps.get(name);
      if (tap) return [name, tap];
      throw refuse({ what: "taps", expected, got: name });
    }),
  );
}

/** A sequence as it was read, in the host's order. */
export function sequenceOf(of: Tensor, read: ReadonlyMap<Tensor, Elements>, layout: Layout): HostTensor {
  const [time, batch, width] = of.shape as [number, number, number];
  return toHost(read.get(of) as Elements, { batch, time, width }, layout);
}
