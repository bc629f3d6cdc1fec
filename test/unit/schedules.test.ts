import { describe, expect, test } from "vitest";
import { onPlateau } from "../../src/optim/plateau.ts";
import {
  constant,
  cosine,
  exponential,
  factorAt,
  oneCycle,
  type Schedule,
  stepDecay,
  warmUp,
} from "../../src/optim/schedules.ts";
import { scheduleFixtures as pytorch } from "../fixtures/optimizers.ts";

const of = (schedule: Schedule, count: number): number[] =>
  Array.from({ length: count }, (_, updates) => factorAt(schedule, updates));

test.each([
  { name: "stepDecay", schedule: stepDecay(7, 0.5), wanted: pytorch.stepDecay },
  { name: "exponential", schedule: exponential(0.875), wanted: pytorch.exponential },
  { name: "cosine", schedule: cosine(20, 0.125), wanted: pytorch.cosine },
  { name: "warmUp", schedule: warmUp(5, exponential(0.875)), wanted: pytorch.warmUp },
  { name: "oneCycle", schedule: oneCycle(20), wanted: pytorch.oneCycle },
])("$name gives PyTorch's rates", ({ schedule, wanted }) => {
  of(schedule, wanted.length).forEach((factor, i) => {
    expect(Math.abs(factor - (wanted[i] as number)), `update ${i}`).toBeLessThanOrEqual(1e-13);
  });
});

test("a schedule stays where it ends", () => {
  expect(cosine(20, 0.125).at(1000)).toBe(0.125);
  expect(oneCycle(20, { end: 0.25 }).at(1000)).toBe(0.25);
  expect(warmUp(5).at(1000)).toBe(1);
  expect(warmUp(5, constant(0.5)).at(5)).toBe(0.5);
});

test("a warm-up goes before any other, itself included", () => {
  expect(of(warmUp(2, warmUp(2, stepDecay(1, 0.5), 0), 0.5), 7)).toEqual([0.5, 0.75, 0, 0.5, 1, 0.5, 0.25]);
});

describe("on a plateau", () => {
  const options = { factor: 0.5, patience: 3, cooldown: 2 };

  test("the rate falls as PyTorch's does", () => {
    const plateau = onPlateau(options);
    const factors = pytorch.losses.map((loss) => plateau.observe(loss));
    expect([1, ...factors.slice(0, -1)]).toEqual(pytorch.onPlateau);
    expect(new Set(factors).size).toBeGreaterThan(2);
  });

  test("it goes on from its state as if it had not stopped", () => {
    const whole = onPlateau(options);
    let parts = onPlateau(options);
    for (const loss of pytorch.losses) {
      parts = onPlateau(options, JSON.parse(JSON.stringify(parts.state)));
      expect(parts.observe(loss)).toBe(whole.observe(loss));
    }
  });

  test("NaN is no improvement, and the factor stops at the minimum", () => {
    const plateau = onPlateau({ factor: 0, patience: 0, minimum: 0.25 });
    expect([Number.NaN, 1, 1, 1].map((loss) => plateau.observe(loss))).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});

test.each([
  { make: () => constant(-1), message: "constant: factor: expected a finite number of at least 0, got -1." },
  { make: () => stepDecay(0), message: "stepDecay: every: expected a whole number of at least 1, got 0." },
  { make: () => exponential(Number.NaN), message: "exponential: factor: expected" },
  { make: () => cosine(10, -0.1), message: "cosine: minimum: expected" },
  {
    make: () => warmUp(10, 5 as unknown as Schedule),
    message: "warmUp: next: expected a schedule such as cosine(1000)",
  },
  { make: () => oneCycle(1), message: "oneCycle: length: expected a whole number of at least 2, got 1." },
  {
    make: () => oneCycle(9, { rize: 0.5 } as object),
    message: "oneCycle: expected none but rise, start, end, got rize",
  },
  { make: () => onPlateau({ factor: 1 }), message: "onPlateau: factor: expected" },
  { make: () => onPlateau({ cooldwon: 1 } as object), message: "Write cooldown." },
  {
    make: () => factorAt({ kind: "own", at: (t) => 2 - t }, 3),
    message: "schedule own: factor of update 3: expected a finite number of at least 0, got -1.",
  },
  { make: () => factorAt({ kind: "own", at: () => Number.NaN }, 0), message: "got NaN." },
  { make: () => factorAt({ kind: "own", at: () => 1e39 }, 0), message: "got 1e+39." },
])("what gives no factor is refused: $message", ({ make, message }) => {
  expect(make).toThrow(message);
});
