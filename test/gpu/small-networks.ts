import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { rnn } from "../../src/nn/rnn.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { type HostTensor, type NamedTensors, sizeOf } from "../../src/tensor.ts";
import { noise } from "./noise.ts";

/** One unit that adds: h = relu(x + r·h). With positive numbers it is linear, and with r a power of two exact. */
export const adder = rnn(1, 1, { activation: "relu" });

export const adderWeights = (r: number): NamedTensors =>
  new Map([
    ["0.weight_ih_l0", host([1, 1], [1])],
    ["0.weight_hh_l0", host([1, 1], [r])],
    ["0.bias_ih_l0", host([1], [0])],
    ["0.bias_hh_l0", host([1], [0])],
  ]);

/** A network whose every number matters to every other. */
export const mixer = sequential(gru(2, 3), linear(3, 2));

export const host = (shape: readonly number[], data: ArrayLike<number>): HostTensor => ({
  shape,
  data: Float32Array.from(data),
});

/** Numbers in ±1 without a pattern. */
export const random = (shape: readonly number[], stream: number): HostTensor =>
  host(shape, noise(sizeOf(shape), stream));

/** Fails unless both are the same to the last bit. */
export function expectEqual(what: string, actual: HostTensor | undefined, wanted: HostTensor | undefined): void {
  if (actual && wanted && String(actual.shape) === String(wanted.shape) && same(actual.data, wanted.data)) return;
  throw new Error(`${what}: ${actual?.shape} ${actual?.data}, not ${wanted?.shape} ${wanted?.data}`);
}

export function expectAllEqual(what: string, actual: NamedTensors, wanted: NamedTensors): void {
  if (String([...actual.keys()]) !== String([...wanted.keys()])) throw new Error(`${what}: ${[...actual.keys()]}`);
  for (const [name, tensor] of wanted) expectEqual(`${what}: ${name}`, actual.get(name), tensor);
}

const same = (a: Float32Array, b: Float32Array): boolean => a.every((value, i) => Object.is(value, b[i]));
