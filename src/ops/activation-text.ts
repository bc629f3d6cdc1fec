import { activationEnds } from "./activation-values.ts";
import { parametersOf, type ResolvedActivation } from "./activations.ts";

interface Expressions {
  readonly value: string;
  readonly derivative: string;
}

/**
 * WGSL of `fn <name>(x: f32) -> f32` and of `fn <name>_derivative(y: f32) -> f32`, its derivative through the output,
 * on `shaders/shared/activation.wgsl` or, where it has others than sigmoid and tanh, `more_activations.wgsl`.
 * @param perDirection one for all directions, or one for the forward and one for the reverse direction, told apart by
 *   the module's `direction`, 0 or 1
 * @param clip bound of |x|, as ONNX's `clip`. What x beyond it gives is a number in the text, because forward and
 *   backward pass have to agree on it to the last bit; where y lies there or beyond, the derivative is 0.
 */
export function activationText(name: string, perDirection: readonly ResolvedActivation[], clip?: number): string {
  const texts = perDirection.map((activation) => expressions(activation, clip));
  return [
    ...wgslFunction(
      `${name}(x: f32)`,
      texts.map(({ value }) => value),
    ),
    ...wgslFunction(
      `${name}_derivative(y: f32)`,
      texts.map(({ derivative }) => derivative),
    ),
  ].join("\n");
}

/** Names what `activationText` writes, e.g. `f=leakyRelu(0.01) clip 3`: equal for equal text. */
export function activationKey(role: string, perDirection: readonly ResolvedActivation[], clip?: number): string {
  const names = perDirection.map(({ name, ...numbers }) => {
    const taken = parametersOf(name);
    return taken.length === 0 ? name : `${name}(${taken.map((parameter) => shortest(numbers[parameter])).join(", ")})`;
  });
  const bound = clip === undefined ? "" : ` clip ${shortest(clip)}`;
  return `${role}=${[...new Set(names)].join("|")}${bound}`;
}

/** WGSL of the value at x and of the derivative through the output y: functions that take x or y, then all parameters. */
function expressions(activation: ResolvedActivation, clip?: number): Expressions {
  const name = activation.name.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`);
  const numbers = parametersOf(activation.name).map((parameter) => `, ${literal(activation[parameter])}`);
  const value = `${name === "tanh" ? "safe_tanh" : name}(x${numbers.join("")})`;
  const derivative = `${name}_derivative(y${numbers.join("")})`;
  if (clip === undefined) return { value, derivative };
  const { below, above } = activationEnds(activation, clip);
  const [low, high] = [Math.min(below, above), Math.max(below, above)].map(literal);
  const bound = literal(clip);
  return {
    value: `select(select(${value}, ${literal(below)}, x <= -${bound}), ${literal(above)}, x >= ${bound})`,
    derivative: `select(${derivative}, 0.0, y <= ${low} || y >= ${high})`,
  };
}

function wgslFunction(head: string, [forward, reverse = forward]: readonly string[]): string[] {
  const branch = reverse === forward ? [] : ["  if (direction == 1u) {", `    return ${reverse};`, "  }"];
  return [`fn ${head} -> f32 {`, ...branch, `  return ${forward};`, "}"];
}

/** The fewest digits that round to the same float32. */
function shortest(value: number): string {
  const float = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return String(short);
  }
  return String(float);
}

/** WGSL of a float32. */
const literal = (value: number): string => shortest(value).replace(/^-?\d+$/, "$&.0");
