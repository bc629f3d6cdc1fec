import type { Elements } from "../src/gpu/memory.ts";
import { composeShader } from "../src/gpu/shader.ts";
import { type OracleMemory, playPlan } from "../src/oracle/play.ts";
import { Plan } from "../src/plan/plan.ts";
import type { Program } from "../src/plan/program.ts";
import type { Step } from "../src/plan/step.ts";
import { sizeOf, type Tensor } from "../src/tensor.ts";

/** How far a dispatch lies from its twin. */
export interface Agreement {
  /** Largest {@link relativeError} of all writable bindings. */
  readonly error: number;
  readonly tolerance: number;
}

export const agrees = ({ error, tolerance }: Agreement): boolean => error <= tolerance;

/** Rounding of one float32 operation. */
const EPSILON = 2 ** -24;

/** A sum in parts; how workgroups share it out is left to the kernel. */
const PARTIALS = "partials";

/** Roundings of an element that are not part of a sum: activations, divisions. */
const POINTWISE = 16;

/** What a step is about to read and to write over, as a device takes it. */
export type Before = readonly (readonly [Tensor, Elements])[];

export const beforeStep = (step: Step, oracle: OracleMemory): Before =>
  Object.values(step.bindings).map((target) => [target, toDevice(oracle.view(target))]);

/**
 * Plays a step on the device, and compares with what its float64 twin has made of the same numbers.
 * @param program of this step alone
 * @param oracle after the twin
 */
export async function checkStep(
  program: Program,
  step: Step,
  before: Before,
  oracle: OracleMemory,
): Promise<Agreement> {
  for (const [target, elements] of before) program.write(target, elements);
  program.run();
  const written = writableOf(step);
  const results = await program.read(...written.map(([, target]) => target));
  const errors = written.map(([name, target], i) => {
    const [actual, reference] = [results[i] as Elements, oracle.read(target)];
    return name === PARTIALS ? relativeError([total(actual)], [total(reference)]) : relativeError(actual, reference);
  });
  const tolerance = toleranceOf(
    step,
    written.map(([, target]) => target),
  );
  return { error: Math.max(...errors), tolerance };
}

/**
 * Plays a step by its twin, in float64.
 * @param oracle afterwards holds what the twin has written, rounded to float32 so that a device can go on from it
 */
export function playStep(step: Step, oracle: OracleMemory): void {
  const dims = Object.fromEntries(Object.entries(step.dims).map(([name, value]) => [name, Math.fround(value)]));
  playPlan(new Plan(step.label, [{ ...step, dims }]), oracle);
  for (const [, target] of writableOf(step)) {
    const elements = oracle.view(target);
    if (elements instanceof Float64Array) elements.set(Float32Array.from(elements));
  }
}

/** A copy: the twin writes over what it reads. */
const toDevice = (elements: Float64Array | Uint32Array): Elements =>
  elements instanceof Uint32Array ? Uint32Array.from(elements) : Float32Array.from(elements);

const total = (parts: ArrayLike<number>): number => Array.from(parts).reduce((sum, part) => sum + part, 0);

/** What a step may write, by the names of its bindings. */
const writableOf = ({ variant, bindings }: Step): [string, Tensor][] =>
  composeShader(variant)
    .storages.filter(({ access }) => access === "read_write")
    .map(({ name }) => [name, bindings[name] as Tensor]);

/**
 * Units that a tanh or its derivative may be off by, as the tests of attention have it; for like arguments in the same way,
 * so that a sum does not average them.
 */
const ACTIVATION = 24;

/**
 * An element comes from about as many operations as the dispatch reads and multiplies for each that it writes; one of a
 * recurrence writes only the share of its tensors that belongs to its steps, and goes through so many operations in each
 * of them on the way. Errors of random sign grow with the root of their number; 8 is the factor by which the largest of
 * many such elements may exceed the root mean square.
 */
function toleranceOf({ variant, bindings, dims, multiplyAdds }: Step, written: readonly Tensor[]): number {
  const elements = (tensors: readonly Tensor[]): number => tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const steps = (dims.end ?? 1) - (dims.begin ?? 0);
  const share = steps / (dims.time ?? steps);
  const operations = (multiplyAdds / share + elements(Object.values(bindings))) / elements(written) + POINTWISE;
  const activated = variant.kernel.source.includes("#import shared/activation");
  return EPSILON * (8 * Math.sqrt(operations * steps) + (activated ? ACTIVATION : 0));
}

/**
 * Largest difference, relative to the element or, where that is larger, to the root mean square of all that are not 0;
 * infinite where ids or counts differ.
 */
export function relativeError(actual: ArrayLike<number>, reference: Float64Array | Uint32Array | number[]): number {
  const squares = Array.from(reference, (value) => value * value).filter((square) => square !== 0);
  const exact = reference instanceof Uint32Array;
  const scale = Math.sqrt(total(squares) / Math.max(1, squares.length));
  let largest = 0;
  reference.forEach((wanted, i) => {
    const difference = Math.abs((actual[i] as number) - wanted);
    if (difference === 0) return;
    largest = Math.max(largest, exact ? Number.POSITIVE_INFINITY : difference / Math.max(Math.abs(wanted), scale));
  });
  return largest;
}
