import { describe, expect, test } from "vitest";
import { ALL_MACHINES } from "../../src/ops/machine-options.ts";
import {
  batchesOf,
  changesOf,
  initialOf,
  lossNamed,
  machinesOf,
  modelOf,
  optimizerOf,
  trainingFixtures,
} from "../fixtures/training.ts";
import { compare } from "../gpu/check.ts";
import { playTraining } from "../play-training.ts";

/**
 * Of a loss, a norm, and of the largest change of a tensor. Sixty steps go on from each other, each a sum of hundreds of
 * products that round by 2^-53: 1e-13 if errors add up without any luck. PyTorch's float32 run strays by 2e-5 where this
 * one may stray by 2e-5 · 2^-29 = 4e-14.
 */
const TOLERANCE = 1e-12;

describe.each(ALL_MACHINES)("on the %s machine", (machine) => {
  const able = trainingFixtures.filter((fixture) => machinesOf(fixture).includes(machine));
  test.each(able)("the float64 twins train as PyTorch does: $name", (fixture) => {
    const { batch, time, targetTime, window = time, clipNorm } = fixture;
    const [model, loss] = [modelOf(fixture, machine), lossNamed(fixture.loss)];
    const from = initialOf(fixture, model);
    const options = { batch, time, targetTime, window, clipNorm, loss, optimizer: optimizerOf(fixture), from };
    const { losses, norms, weights } = playTraining(model, batchesOf(fixture), options);
    compare("losses", losses, fixture.losses, (_, wanted) => TOLERANCE * wanted);
    compare("norms", norms, fixture.norms, (_, wanted) => TOLERANCE * wanted);
    expect([...from.keys()].sort()).toEqual(Object.keys(fixture.changes).sort());
    for (const { name, actual, wanted, largest } of changesOf(fixture, from, weights)) {
      compare(name, actual, wanted, TOLERANCE * largest);
    }
  });
});
