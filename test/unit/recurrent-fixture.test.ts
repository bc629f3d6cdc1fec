import { describe, expect, test } from "vitest";
import { sizeOf } from "../../src/tensor.ts";
import { signs } from "../fixtures/hashed.ts";
import { fixtureName, fixtures, givenOf, type RecurrentFixture } from "../fixtures/recurrent.ts";
import { dot, pairs, type Reference } from "../fixtures/reference.ts";
import { TOLERANCE } from "../gpu/compare-named.ts";
import { playPlain } from "./plain-recurrent.ts";

type Given = ReadonlyMap<string, Float64Array>;

const named = fixtures.map((fixture) => ({ name: fixtureName(fixture), fixture }));

/** Of a value, by its ten digits in the file. */
const LAST_DIGIT = 5e-10;

/** What float64 may add over 1000 steps: 2^-53 a rounding, of which an element meets some thousands. */
const ROUNDING = 1e-12;

describe.each(named)("$name", ({ fixture }) => {
  const given = doubles(fixture);
  const { results } = playPlain(fixture, given);

  test("plain loops give PyTorch's outputs and final states", () => {
    const forward = Object.keys(fixture.results).filter((name) => !name.startsWith("gradient"));
    expect([...results.keys()].sort()).toEqual(forward.sort());
    for (const [name, actual] of results) {
      const reference = fixture.results[name] as Reference;
      expect(actual.length, name).toBe(sizeOf(reference.shape));
      const rms = Math.sqrt(dot(actual, actual) / actual.length);
      expect(Math.abs(rms - reference.rms), name).toBeLessThanOrEqual(LAST_DIGIT * rms);
      for (const pair of pairs(actual, reference)) {
        const allowed = LAST_DIGIT * Math.abs(pair.wanted) + ROUNDING * pair.scale;
        expect(Math.abs(pair.actual - pair.wanted), `${name} ${pair.place}`).toBeLessThanOrEqual(allowed);
      }
    }
  });

  test("central differences of plain loops give PyTorch's gradients", () => {
    // Differences at h and 2h, of fourth order. What acts in each of 1,000 steps of a network that forgets nothing moves
    // its states by 1,000 h, and the gradient is a sum of 1,000 such: truncation is about (1,000 h)^4 · 1,000 = 1e-9 with
    // factors of ten. Rounding is 2^-53 / h = 1e-10 of the loss, a sum of numbers between 0.1 and 100.
    const h = 1e-6;
    const loss = (numbers: Given): number =>
      [...playPlain(fixture, numbers).results].reduce(
        (sum, [name, data]) => sum + dot(data, given.get(`cotangent of ${name}`) ?? []),
        0,
      );
    for (const names of together(Object.keys(fixture.results), fixture.hidden)) {
      const moved = (by: number): Given =>
        new Map([...given].map(([name, data]) => [name, names.includes(name) ? shifted(data, by) : data]));
      const slope = (by: number): number => (loss(moved(by)) - loss(moved(-by))) / (2 * by);
      const numeric = (4 * slope(h) - slope(2 * h)) / 3;
      const gradients = names.map((name) => fixture.results[`gradient of ${name}`] as Reference);
      const wanted = gradients.reduce((sum, reference) => sum + firstProbe(reference), 0);
      const norm = Math.hypot(...gradients.map(({ rms, shape }) => rms * Math.sqrt(sizeOf(shape))));
      expect(Math.abs(numeric - wanted), names.join(", ")).toBeLessThanOrEqual(5e-8 * norm + 1e-9);
    }
  });

  test("PyTorch's own float32 run stays within the tolerance", () => {
    for (const [name, { float32Error }] of Object.entries(fixture.results)) {
      expect(float32Error, name).toBeLessThan(TOLERANCE);
    }
  });
});

const relus = named.filter(({ fixture }) => fixture.cell === "relu");

test.each(relus)("no input of relu is so close to zero that float32 may see another sign: $name", ({ fixture }) => {
  expect(playPlain(fixture, doubles(fixture)).margin).toBeGreaterThan(1e-5);
});

function doubles(fixture: RecurrentFixture): Given {
  return new Map([...givenOf(fixture)].map(([name, { data }]) => [name, Float64Array.from(data)]));
}

/** What has gradients: one tensor at a time in small networks, all at once in large ones. */
function together(results: readonly string[], hidden: number): string[][] {
  const words = "gradient of ";
  const names = results.filter((name) => name.startsWith(words)).map((name) => name.slice(words.length));
  return hidden > 17 ? [names] : names.map((name) => [name]);
}

function shifted(data: Float64Array, by: number): Float64Array {
  const ones = signs(data.length, 0);
  return data.map((value, i) => value + by * (ones[i] as number));
}

const firstProbe = (reference: Reference): number =>
  "data" in reference ? dot(reference.data, signs(reference.data.length, 0)) : (reference.probes[0] as number);

test("every two settings meet in a case", () => {
  const settings = fixtures.map(({ cell, projection, layers, bidirectional, bias, initial, lengths, ...sizes }) => {
    const { batch, time, inputs, hidden } = sizes;
    const kind = projection > 0 ? "projected" : cell;
    return { kind, layers, bidirectional, bias, initial, mixed: lengths !== null, batch, time, inputs, hidden };
  });
  type Setting = keyof (typeof settings)[number];
  const values: [Setting, (string | number | boolean)[]][] = [
    ["kind", ["tanh", "relu", "lstm", "projected", "gru"]],
    ["layers", [1, 2, 3]],
    ["bidirectional", [false, true]],
    ["bias", [false, true]],
    ["initial", [false, true]],
    ["batch", [1, 3, 5]],
    ["time", [1, 2, 7]],
    ["mixed", [false, true]],
    ["inputs", [1, 4]],
    ["hidden", [1, 3, 17]],
  ];
  const order = values.map(([setting]) => setting);
  const choices = values.flatMap(([setting, all]) => all.map((value) => ({ setting, value })));
  const missing = choices.flatMap((a) =>
    choices
      .filter((b) => order.indexOf(b.setting) > order.indexOf(a.setting))
      .filter((b) => !settings.some((one) => one[a.setting] === a.value && one[b.setting] === b.value))
      .map((b) => `${a.setting} ${a.value}, ${b.setting} ${b.value}`),
  );
  // A projection is narrower than H, and PyTorch takes no length of 0.
  expect(missing.sort()).toEqual(["kind projected, hidden 1", "time 1, mixed true"]);
});
