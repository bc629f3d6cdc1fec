import { refuse } from "../errors.ts";

/** The activations of ONNX's recurrent operators. */
export type ActivationName =
  | "tanh"
  | "sigmoid"
  | "relu"
  | "leakyRelu"
  | "thresholdedRelu"
  | "elu"
  | "affine"
  | "scaledTanh"
  | "hardSigmoid"
  | "softsign"
  | "softplus";

/** An activation with its parameters; those left out have ONNX's defaults, if ONNX gives any. */
export type Activation = ActivationName | { name: ActivationName; alpha?: number; beta?: number };

/** An activation whose parameters are known float32 numbers; 0 where it takes none. */
export interface ResolvedActivation {
  readonly name: ActivationName;
  readonly alpha: number;
  readonly beta: number;
}

/** The numbers that keep the derivative a function of the output. */
const RANGES = {
  "of at least 0": (value: number) => value >= 0,
  "above 0": (value: number) => value > 0,
  "other than 0": (value: number) => value !== 0,
} as const;

interface Parameter {
  /** None: it has to be given. */
  readonly byDefault?: number;
  readonly range?: keyof typeof RANGES;
}

/** What an activation takes. */
interface Parameters {
  readonly alpha?: Parameter;
  readonly beta?: Parameter;
}

const PARAMETERS: Readonly<Record<ActivationName, Parameters>> = {
  tanh: {},
  sigmoid: {},
  relu: {},
  leakyRelu: { alpha: { byDefault: 0.01, range: "of at least 0" } },
  thresholdedRelu: { alpha: { byDefault: 1, range: "of at least 0" } },
  elu: { alpha: { byDefault: 1, range: "above 0" } },
  affine: { alpha: {}, beta: {} },
  scaledTanh: { alpha: { range: "other than 0" }, beta: {} },
  hardSigmoid: { alpha: { byDefault: 0.2 }, beta: { byDefault: 0.5 } },
  softsign: {},
  softplus: {},
};

export const ACTIVATION_NAMES = Object.keys(PARAMETERS) as readonly ActivationName[];

export const parametersOf = (name: ActivationName) => Object.keys(PARAMETERS[name]) as (keyof Parameters)[];

/**
 * Fills in ONNX's defaults and rounds to float32.
 * @param what names the option in a refusal, e.g. `lstm: activations[0]`
 * @throws WebgpuRnnError when there is no such activation, a parameter is missing, is not taken, is no number that a
 *   device can calculate with, or leaves the derivative open where only the output is known
 */
export function resolveActivation(what: string, value: Activation): ResolvedActivation {
  const given: { name: ActivationName; [parameter: string]: unknown } =
    typeof value === "object" && value !== null ? { ...value } : { name: value };
  const { name, ...parameters } = given;
  if (!Object.hasOwn(PARAMETERS, name)) {
    throw refuse({ what, expected: `one of ${ACTIVATION_NAMES.join(", ")}`, got: String(JSON.stringify(value)) });
  }
  const taken = PARAMETERS[name];
  for (const [parameter, number] of Object.entries(parameters)) {
    if (Object.hasOwn(taken, parameter) || number === undefined) continue;
    const all = Object.keys(taken).join(" and ");
    const expected = all === "" ? `${name} without parameters` : `no parameter of ${name} but ${all}`;
    throw refuse({ what: `${what}: ${parameter}`, expected, got: String(number) });
  }
  const resolve = (parameter: "alpha" | "beta"): number => {
    const rules = taken[parameter];
    if (rules === undefined) return 0;
    const number = parameters[parameter];
    return resolveParameter(`${what}: ${parameter}`, name, number === undefined ? rules.byDefault : number, rules);
  };
  return { name, alpha: resolve("alpha"), beta: resolve("beta") };
}

function resolveParameter(what: string, name: ActivationName, value: unknown, { range }: Parameter): number {
  if (value === undefined) {
    throw refuse({ what, expected: "a number", got: "none", cure: `there is no default for ${name}` });
  }
  // WGSL may take denormals for 0, and divides precisely up to 2^126 only.
  const float = typeof value === "number" ? Math.fround(value) : Number.NaN;
  const size = Math.abs(float);
  if (!((size >= 2 ** -126 && size <= 2 ** 126) || value === 0)) {
    throw refuse({ what, expected: "0 or a number of magnitude 2^-126 to 2^126", got: String(value) });
  }
  if (range !== undefined && !RANGES[range](float)) {
    const cure = `otherwise the output of ${name} does not tell its derivative`;
    throw refuse({ what, expected: `a number ${range}`, got: String(value), cure });
  }
  return float;
}
