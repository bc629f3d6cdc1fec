import { refuse } from "../errors.ts";
import { type HostTensor, shapeText, sizeOf } from "../tensor.ts";

/** How sequences lie on the host: [B, T, ...] or [T, B, ...]; on the device they are time-major. */
export const LAYOUTS = ["batch-first", "time-major"] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Sizes of a sequence of vectors. */
export interface SequenceShape {
  readonly batch: number; // B
  readonly time: number; // T
  readonly width: number;
}

/** Refuses numbers that are not finite, or no longer are as the float32 that the device takes, naming the first. */
export function checkFinite(what: string, data: ArrayLike<number>): void {
  const wrong = Array.prototype.findIndex.call(data, (value) => {
    return !Number.isFinite(value) || !Number.isFinite(Math.fround(value));
  });
  if (wrong >= 0) throw refuse({ what, expected: "finite numbers", got: `${data[wrong]} at place ${wrong}` });
}

/** Refuses a tensor of another shape, or one whose numbers are too few, too many or not finite. */
export function checkTensor(what: string, given: HostTensor, shape: readonly number[]): void {
  const got = Array.isArray(given?.shape) ? shapeText(given.shape) : String(given);
  if (got !== shapeText(shape)) throw refuse({ what, expected: `shape ${shapeText(shape)}`, got });
  if (given.data?.length !== sizeOf(shape)) {
    throw refuse({ what, expected: `${sizeOf(shape)} numbers`, got: String(given.data?.length) });
  }
  checkFinite(what, given.data);
}

/** The shape of a sequence as the host has it. */
export const hostShape = ({ batch, time, width }: SequenceShape, layout: Layout): readonly number[] =>
  layout === "batch-first" ? [batch, time, width] : [time, batch, width];

/** Host order to [T, B, N]. */
export function toDevice(data: ArrayLike<number>, shape: SequenceShape, layout: Layout): Float32Array {
  return layout === "batch-first" ? swapOuter(data, shape.batch, shape.time, shape.width) : Float32Array.from(data);
}

/** [T, B, N] to host order. */
export function toHost(data: ArrayLike<number>, shape: SequenceShape, layout: Layout): HostTensor {
  const ordered =
    layout === "batch-first" ? swapOuter(data, shape.time, shape.batch, shape.width) : Float32Array.from(data);
  return { shape: hostShape(shape, layout), data: ordered };
}

/** [A, B, N] to [B, A, N]. */
function swapOuter(data: ArrayLike<number>, a: number, b: number, n: number): Float32Array {
  const swapped = new Float32Array(a * b * n);
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      for (let k = 0; k < n; k++) swapped[(j * a + i) * n + k] = data[(i * b + j) * n + k] as number;
    }
  }
  return swapped;
}
