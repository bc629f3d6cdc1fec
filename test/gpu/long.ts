import { gru } from "../../src/nn/gru.ts";
import { jordan } from "../../src/nn/jordan.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { mgu } from "../../src/nn/mgu.ts";
import { indrnn, rnn } from "../../src/nn/rnn.ts";
import { sizeOf } from "../../src/tensor.ts";
import { againstTwins, elementsOf, type TwinCase } from "./against-twins.ts";
import type { GpuCase } from "./case.ts";
import { noise } from "./noise.ts";

const [I, H] = [2, 3];
const TIME = 1000; // T

/**
 * A network that forgets a thousandth a step adds up what each step rounds, and where a gate is the same in every step,
 * its rounding is too: the sum grows with T, not with its root. A step rounds the gate (its exponential, sum and quotient
 * are 4 units of 2^-24 off), a product and a sum; the way back does so again.
 */
const RELATIVE = 2 * 6 * TIME * 2 ** -24;

/** Keeps 1 - 1e-3 of the state. */
const NEAR_ONE = 1 - 1e-3;
const diagonal = Float32Array.from({ length: H * H }, (_, i) => (i % (H + 1) === 0 ? NEAR_ONE : 0));
/** I - 2vvᵀ with v = (1, 2, 2)/3. */
const orthogonal = Float32Array.from([7, -4, -4, -4, 1, -8, -4, -8, 1], (value) => value / 9);

interface Long extends Pick<TwinCase, "name" | "layer"> {
  /** Of parameters, in place of noise. */
  readonly fixed: Readonly<Record<string, (shape: readonly number[]) => Float32Array>>;
  /** Bound of inputs, initial states and other weights; default 1/2. */
  readonly bound?: number;
}

/** One gate's biases at a value, gates in rows of H. */
const gateAt = (gate: number, value: number) => ({
  bias_ih_l0: (shape: readonly number[]): Float32Array => elementsOf(shape, 0).fill(value, gate * H, (gate + 1) * H),
});

const LONG: readonly Long[] = [
  {
    name: "rnn relu, R = 0.999 I",
    layer: (given) => rnn(I, H, { ...given, activation: "relu" }),
    fixed: { weight_hh_l0: () => diagonal, bias_ih_l0: (shape) => elementsOf(shape, 1) },
  },
  {
    name: "rnn tanh, R orthogonal",
    layer: (given) => rnn(I, H, given),
    fixed: { weight_hh_l0: () => orthogonal },
    bound: 0.05,
  },
  {
    name: "indrnn, u = 0.999",
    layer: (given) => indrnn(I, H, given),
    fixed: {
      weight_hh_l0: (shape) => elementsOf(shape, NEAR_ONE),
      bias_ih_l0: (shape) => elementsOf(shape, 1),
    },
  },
  {
    name: "jordan, U = 0.999 I, V orthogonal",
    layer: (given) => jordan(I, H, H, given),
    fixed: { weight_hh_l0: () => diagonal, weight_ho_l0: () => orthogonal },
    bound: 0.05,
  },
  { name: "lstm, forget bias 10", layer: (given) => lstm(I, H, given), fixed: gateAt(1, 10) },
  {
    name: "lstm, forget bias 10, projection",
    layer: (given) => lstm(I, H, { ...given, projection: 2 }),
    fixed: gateAt(1, 10),
  },
  { name: "gru, update bias 7", layer: (given) => gru(I, H, given), fixed: gateAt(1, 7) },
  {
    name: "gru, reset before, update bias 7",
    layer: (given) => gru(I, H, { ...given, reset: "before" }),
    fixed: gateAt(1, 7),
  },
  { name: "mgu, forget bias -7", layer: (given) => mgu(I, H, given), fixed: gateAt(0, -7) },
];

export const cases: readonly GpuCase[] = LONG.flatMap(({ name, layer, fixed, bound = 0.5 }) =>
  againstTwins({
    name: `${name}, T ${TIME}`,
    layer,
    batch: 2,
    time: TIME,
    draw: (of, shape, stream) =>
      fixed[of]?.(shape) ?? noise(sizeOf(shape), stream, of.startsWith("cotangent") ? 1 : bound),
    relative: RELATIVE,
  }),
);
