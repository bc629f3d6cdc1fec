import type { Gpu } from "../../src/gpu/device.ts";
import { activationKey, activationText } from "../../src/ops/activation-text.ts";
import { type Activation, type ResolvedActivation, resolveActivation } from "../../src/ops/activations.ts";
import { type ActivationTwin, activationTwin } from "../../src/oracle/activations.ts";
import type { Twin } from "../../src/oracle/twin.ts";
import type { Kernel } from "../../src/variant.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";

/** Values at x and derivatives through y, of two arrays that need not belong together. */
const kernel: Kernel = {
  name: "activations",
  source: `
#import shared/more_activations
#import cell
struct Dims {
  length: u32,
  direction: u32,
}
@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read_write> values: array<f32>;
@group(0) @binding(4) var<storage, read_write> derivatives: array<f32>;
var<private> direction: u32;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  direction = dims.direction;
  if (id.x < dims.length) {
    values[id.x] = f(x[id.x]);
    derivatives[id.x] = f_derivative(y[id.x]);
  }
}`,
};

const everyActivation: readonly Activation[] = [
  "tanh",
  "sigmoid",
  "relu",
  "leakyRelu",
  "thresholdedRelu",
  { name: "thresholdedRelu", alpha: 0 },
  "elu",
  { name: "elu", alpha: 0.3 },
  { name: "affine", alpha: -0.7, beta: 0.25 },
  { name: "scaledTanh", alpha: -1.75, beta: 0.6 },
  { name: "scaledTanh", alpha: 0.5, beta: 2 },
  "hardSigmoid",
  { name: "hardSigmoid", alpha: -1.5, beta: 0.25 },
  "softsign",
  "softplus",
];

const CLIP = 3;

/** -20 to 20 in steps that meet no round number, and what is hard: both sides of every seam, and the ends of float32. */
const sizes = [0, 1e-45, 1e-40, 1.2e-38, 1e-30, 1e-7, 1e-3, 0.5, 0.9999999, 1, 1.0000001, 1.9999999, 2, 2.0000002];
const farSizes = [CLIP, 2.9999998, 3.0000002, 15.1, 30, 86, 87.5, 103, 105, 1e4, 1e19, 1e20, 9e37, 3e38];
const inputs = Float32Array.from([
  ...Array.from({ length: 4001 }, (_, i) => -20 + 0.00999 * i),
  ...[...sizes, ...farSizes].flatMap((size) => [-size, size]),
]);

/** Half a unit in the last place is at most 2^-24 of a number: what one rounding may err by. */
const ROUNDING = 2 ** -24;
/** A unit in the last place, by which WGSL counts: 2.5 for a division, 3 + 2|x| for exp(x). */
const UNIT = 2 ** -23;
/** What a device loses where it takes denormals for 0; parameters of magnitude up to 2 may double it twice. */
const FLUSH = 2 ** -124;

/** The polynomials round 10 times by 0.5, the division takes 2.5, the cut 0.5; beyond 1 the errors of exp count less. */
const TANH = 8;
/** 2t / (1 - t): t's error counts at most once for t <= 0; a rounding 0.5, a division 2.5. */
const EXPM1 = TANH + 3;
/** s: 0.5 and 2.5; each polynomial at most 0.75, a product 0.5, a division 2.5, 0.5 for the cut. */
const LOG1P = 8;

/** Largest error of the value y at x. */
function valueError({ name, alpha, beta }: ResolvedActivation, x: number, y: number): number {
  const size = Math.abs(x);
  const units: Partial<Record<typeof name, number>> = {
    tanh: TANH,
    sigmoid: 3 + 2 * Math.min(size, 87) + 3, // exp, then a rounding and a division
    leakyRelu: 0.5,
    elu: x > 0 ? 0 : EXPM1 + 0.5,
    scaledTanh: TANH + 1,
    softsign: 0.5 + 2.5,
  };
  if (name === "affine") return ROUNDING * (Math.abs(alpha * x) + Math.abs(y));
  // unsaturated, |alpha x| is at most 1 + |beta| and the sum at most 1
  if (name === "hardSigmoid") return ROUNDING * (2 + Math.abs(beta));
  if (name === "softplus") {
    return UNIT * ((3 + 2 * size + LOG1P) * Math.log1p(Math.exp(-size)) + 0.5 * y);
  }
  return UNIT * (units[name] ?? 0) * Math.abs(y);
}

/** Largest error of the derivative d through y. */
function derivativeError({ name, alpha, beta }: ResolvedActivation, y: number, d: number): number {
  const rounded = Math.abs(d);
  switch (name) {
    case "tanh":
      return ROUNDING * (y * y + rounded);
    case "elu":
      return ROUNDING * rounded;
    case "sigmoid":
      return ROUNDING * 2 * rounded;
    case "softsign":
      return ROUNDING * 3 * rounded;
    case "softplus":
      return UNIT * EXPM1 * rounded;
    case "scaledTanh": // t = y / alpha by 2.5 units, twice in t²; its product, the difference and two products round
      return UNIT * 5.5 * Math.abs(beta / alpha) * y * y + ROUNDING * 3 * rounded;
    default:
      return 0;
  }
}

const pointwise =
  ({ value, derivative }: ActivationTwin): Twin =>
  ({ buffers }) => {
    const { x, y, values, derivatives } = buffers as Record<string, Float64Array>;
    for (let i = 0; i < x.length; i++) {
      values[i] = value(x[i] as number);
      derivatives[i] = derivative(y[i] as number);
    }
  };

/** What the twin gives, but 0 for a denormal: a device may take one for 0, where the derivative of relu jumps. */
const outputs = ({ value }: ActivationTwin): Float32Array =>
  inputs.map((x) => (Math.abs(value(x)) < 2 ** -126 ? 0 : value(x)));

/** Checks one of the directions that a text is for. */
async function check(gpu: Gpu, sets: readonly ResolvedActivation[], clip?: number, direction = 0): Promise<void> {
  const activation = sets[direction] as ResolvedActivation;
  const twin = activationTwin(activation, clip);
  const y = outputs(twin);
  const length = inputs.length;
  const clipped = (x: number): boolean => clip !== undefined && Math.abs(x) >= clip;
  const cell = { name: activationKey("f", sets, clip), source: activationText("f", sets, clip) };
  const written = await checkDispatch(gpu, {
    variant: { kernel, cell },
    twin: pointwise(twin),
    dims: { length, direction },
    buffers: { x: inputs, y, values: new Float32Array(length), derivatives: new Float32Array(length) },
    workgroups: [Math.ceil(length / 64), 1, 1],
    tolerance: {
      values: (i, value) => {
        const x = inputs[i] as number;
        return clipped(x) ? 0 : valueError(activation, x, value) + FLUSH;
      },
      derivatives: (i, value) => derivativeError(activation, y[i] as number, value) + FLUSH,
    },
  });
  inputs.forEach((x, i) => {
    if (clipped(x) && written.derivatives?.[i] !== 0)
      throw new Error(`the derivative at ${x}, beyond the clip, is not 0`);
  });
}

const resolved = everyActivation.map((activation) => resolveActivation("activation", activation));

export const cases: GpuCase[] = [
  ...resolved.flatMap((activation) =>
    [undefined, CLIP].map((clip) => ({
      name: `${activationKey("f", [activation], clip)}: value and derivative`,
      run: (gpu: Gpu) => check(gpu, [activation], clip),
    })),
  ),
  {
    name: "a direction has its own activation",
    run: async (gpu) => {
      const sets = [resolveActivation("forward", "softsign"), resolveActivation("reverse", "elu")];
      for (const direction of [0, 1]) await check(gpu, sets, CLIP, direction);
    },
  },
];
