/** Whether float32 holds all of them. */
export const fits = (...values: number[]): boolean => values.every((value) => Number.isFinite(Math.fround(value)));
