import { lossDifference } from "../training.ts";
import type { Kind } from "./workloads.ts";

/** Losses as the rest of the bench holds them; outputs as the tests of layers do; ids are equal or not. */
const TOLERANCE: Readonly<Record<Kind, number>> = { training: 1e-5, sampling: 0, inference: 2e-5 };

/** Of losses the largest relative difference, of outputs the largest, of ids how many differ; NaN of unequally many. */
export function differ(kind: Kind, results: readonly number[], expected: readonly number[]): number {
  if (results.length !== expected.length) return Number.NaN;
  if (kind === "training") return lossDifference(results, expected);
  const differences = results.map((value, i) => Math.abs(value - (expected[i] as number)));
  if (kind === "sampling") return differences.filter((difference) => difference !== 0).length;
  return differences.reduce((most, difference) => Math.max(most, difference), 0);
}

/** What is wrong with a difference; undefined where nothing is. */
export function disagreement(kind: Kind, difference: number): string | undefined {
  if (difference <= TOLERANCE[kind]) return undefined;
  return `disagrees: differs by ${difference.toPrecision(2)}, above ${TOLERANCE[kind]}`;
}
