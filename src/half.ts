/**
 * IEEE 754 binary16: 1 sign bit, 5 exponent bits with bias 15, 10 fraction bits. Written out because `Float16Array` is
 * missing from Node 20 and from older browsers.
 */

const LARGEST = 65504;

/** The number that 16 bits stand for. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The bits of the nearest number, of two the even one; beyond ±65504, the largest, those of that. NaN is not taken. */
export function numberToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.min(Math.abs(value), LARGEST);
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14); // that of the denormals is the smallest as well
  return sign + (exponent + 14) * 1024 + roundToEven(magnitude * 2 ** (10 - exponent));
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
