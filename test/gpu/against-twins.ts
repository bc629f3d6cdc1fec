import type { Layer } from "../../src/nn/layer.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { MACHINES, type Machine } from "../../src/ops/machine-options.ts";
import { recordNetwork } from "../../src/run/network.ts";
import { type HostTensor, type NamedTensors, sizeOf } from "../../src/tensor.ts";
import { playNamed } from "../play-named.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { PREFIX, runNamed } from "./run-named.ts";

/** A layer, what it is given, and how near the device must come to the float64 twins that play the same plan. */
export interface TwinCase {
  readonly name: string;
  layer(given: { readonly machine: Machine }): Layer;
  /** A layer of the same parameters whose cell has a twin; left out: the layer itself. */
  twin?(given: { readonly machine: Machine }): Layer;
  readonly batch: number; // B
  readonly time: number; // T
  /**
   * Elements of `inputs`, a parameter, `initial <state>`, `cotangent of outputs` or `cotangent of final <state>`.
   * @param stream another for every tensor
   */
  draw(name: string, shape: readonly number[], stream: number): Float32Array;
  /** Largest allowed |device − twin|: of a tensor's root mean square, and again of the element itself. */
  readonly relative: number;
  /** What is allowed beside that. Default 0. */
  readonly floor?: number;
}

/** Outputs, states and gradients on both machines. */
export const againstTwins = (twinCase: TwinCase): GpuCase[] =>
  MACHINES.map((machine) => ({
    name: `${twinCase.name}: the ${machine} machine gives the twins' outputs, states and gradients`,
    async run(gpu) {
      const { layer, twin = layer, batch, time, relative, floor = 0 } = twinCase;
      const given = givenTo(layer({ machine }), twinCase);
      const wanted = playNamed(twin({ machine }), given, { batch, time });
      const actual = await runNamed(gpu, layer({ machine }), given, { batch, time });
      for (const [name, { data }] of wanted) {
        if (!data.every(Number.isFinite)) throw new Error(`${name}: the twin is not finite`);
        const rms = Math.sqrt(data.reduce((sum, value) => sum + value ** 2, 0) / data.length);
        const allowed = (_: number, value: number): number => relative * (rms + Math.abs(value)) + floor;
        compare(name, actual.get(name)?.data ?? [], data, allowed);
      }
    },
  }));

function givenTo(layer: Layer, { batch, time, draw }: TwinCase): NamedTensors {
  const model = sequential(layer);
  const target = { storage: 16_384, invocations: 256, software: false };
  const recorded = recordNetwork(
    { model, layout: layOut(model) },
    { batch, time, masked: false, gradients: true, seed: undefined },
    target,
  );
  const states = [...recorded.stateParts.values()]
    .flat()
    .map(({ name, shape }) => [name.slice(PREFIX.length), shape] as const);
  const [, , width] = recorded.output.shape as [number, number, number];
  const shapes: (readonly [string, readonly number[]])[] = [
    ["inputs", [batch, time, layer.input as number]],
    ...layer.parameters.map(({ name, shape }) => [name, shape] as const),
    ...states.flatMap(([name, shape]) => [
      [`initial ${name}`, shape] as const,
      [`cotangent of final ${name}`, shape] as const,
    ]),
    ["cotangent of outputs", [batch, time, width]],
  ];
  return new Map(
    shapes.map(([name, shape], stream): [string, HostTensor] => [name, { shape, data: draw(name, shape, stream) }]),
  );
}

export const elementsOf = (shape: readonly number[], value: number): Float32Array =>
  new Float32Array(sizeOf(shape)).fill(value);
