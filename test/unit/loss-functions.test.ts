import { expect, test } from "vitest";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { huber } from "../../src/losses/element-losses.ts";
import { OracleMemory, playPlan } from "../../src/oracle/play.ts";
import { lossFunctionName, recordLossFunction } from "../fixtures/loss-functions.ts";
import { lossFunctionFixtures } from "../fixtures/training.ts";
import { compare } from "../gpu/check.ts";
import { exactWeights, TARGET } from "../play-training.ts";

/** Some tens of roundings of 2^-53; a gradient is a difference of numbers of at most 1. */
const ROUNDING = 2 ** -48;

const named = lossFunctionFixtures.map((fixture) => ({ name: lossFunctionName(fixture), fixture }));

test.each(named)("the float64 twin gives PyTorch's loss and gradient: $name", ({ fixture }) => {
  const { plan, given, weights, weight, loss, gradient } = recordLossFunction(fixture, TARGET);
  const memory = new OracleMemory();
  for (const [tensor, elements] of given) {
    memory.write(tensor, tensor === weights ? exactWeights({ weights: elements as Float32Array, weight }) : elements);
  }
  playPlan(plan, memory);
  compare("loss", memory.read(loss), [fixture.value], (_, wanted) => ROUNDING * wanted);
  compare("gradient", memory.read(gradient), fixture.gradient, (_, wanted) => ROUNDING * (1 + Math.abs(wanted)));
});

test("there are losses whose rows all count, and losses that weigh some of them", () => {
  const weighing = lossFunctionFixtures.map((fixture) => recordLossFunction(fixture, TARGET).weights !== undefined);
  expect(new Set(weighing).size).toBe(2);
});

test.each([
  [() => huber({ dleta: 2 } as object), "huber: expected none but delta, got dleta."],
  [() => huber(0.5 as never), "huber: expected an object with any of delta, got 0.5."],
  [() => crossEntropy({ classWeights: 3 as never }), "crossEntropy: classWeights: expected a list of numbers"],
])("what no loss takes is refused: %#", (make, message) => {
  expect(make).toThrow(message);
});
