/**
 * Round numbers (1, 2 or 5 times a power of ten apart) that cover a range.
 * @param low less than `high`
 * @param most intervals at most, counted before the two ends are rounded outwards
 * @returns ascending; the first is at most `low`, the last at least `high`
 */
export function roundTicks(low: number, high: number, most: number): number[] {
  const span = high - low;
  const power = 10 ** Math.floor(Math.log10(span / most));
  const step = power * ([1, 2, 5].find((factor) => factor * power * most >= span) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  // 12 digits hide the rounding of index * step, as in 3 * 0.1.
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
