import { describe, expect, test } from "vitest";
import { Draws } from "../../src/data/draws.ts";
import {
  ADDING_BASELINE,
  addingProblem,
  COPY_VOCABULARY,
  copyBaseline,
  copyMemory,
  embeddedReber,
  mackeyGlass,
  parity,
  REBER_SYMBOLS,
  sine,
  TEMPORAL_ORDER_SYMBOLS,
  temporalOrder,
} from "../../src/data/index.ts";
import { WebgpuRnnError } from "../../src/errors.ts";

type Options = { batch: number; seed: number };
const tasks = {
  addingProblem: (options: Options) => addingProblem({ time: 20, ...options }),
  copyMemory: (options: Options) => copyMemory({ delay: 20, ...options }),
  embeddedReber: (options: Options) => embeddedReber({ time: 20, ...options }),
  mackeyGlass: (options: Options) => mackeyGlass({ time: 20, ...options }),
  parity: (options: Options) => parity({ time: 40, ...options }),
  sine: (options: Options) => sine({ time: 20, ...options }),
  temporalOrder: (options: Options) => temporalOrder({ time: 22, ...options }),
};

describe.each(Object.entries(tasks))("%s", (name, draw) => {
  test("gives the same rows for the same seed, others for another, and rows that differ", () => {
    expect(draw({ batch: 3, seed: 7 })).toEqual(draw({ batch: 3, seed: 7 }));
    expect(draw({ batch: 3, seed: 7 }).inputs).not.toEqual(draw({ batch: 3, seed: 8 }).inputs);
    const { inputs, targets } = draw({ batch: 20, seed: 7 });
    expect(new Set(inputs.map(String)).size).toBeGreaterThan(name === "embeddedReber" ? 4 : 19); // short strings repeat
    expect(targets).toHaveLength(20);
  });

  test.each([
    [{ batch: 0 }, "batch: expected a whole number of at least 1, got 0."],
    [{ seed: 2 ** 32 }, "seed: expected a whole number from 0 to 4294967295, got 4294967296."],
    [{ rows: 2 }, "expected none but batch, seed, "],
  ])("refuses %j", (options, message) => {
    expect(() => draw({ batch: 1, seed: 0, ...options })).toThrow(WebgpuRnnError);
    expect(() => draw({ batch: 1, seed: 0, ...options })).toThrow(`${name}: ${message}`);
  });
});

test.each([
  ["addingProblem", "time", 2, () => addingProblem({ batch: 1, time: 1 })],
  ["copyMemory", "delay", 1, () => copyMemory({ batch: 1, delay: 0 })],
  ["embeddedReber", "time", 8, () => embeddedReber({ batch: 1, time: 7 })],
  ["mackeyGlass", "time", 1, () => mackeyGlass({ batch: 1, time: 0 })],
  ["parity", "time", 1, () => parity({ batch: 1, time: 0 })],
  ["sine", "time", 1, () => sine({ batch: 1, time: 0 })],
  ["temporalOrder", "time", 11, () => temporalOrder({ batch: 1, time: 10 })],
])("%s refuses a %s below %i", (name, option, least, draw) => {
  const message = `${name}: ${option}: expected a whole number of at least ${least}, got ${least - 1}.`;
  expect(draw).toThrow(new WebgpuRnnError(message));
});

describe("addingProblem", () => {
  test.each([2, 7, 50])("marks one number in each half of %i steps and asks for their sum", (time) => {
    const { inputs, targets } = addingProblem({ batch: 200, time, seed: 1 });
    const places = new Set<number>();
    for (const [b, row] of inputs.entries()) {
      expect(row).toHaveLength(2 * time);
      const steps = Array.from({ length: time }, (_, t) => ({ t, number: row[2 * t] ?? NaN, mark: row[2 * t + 1] }));
      expect(steps.every(({ number, mark }) => number >= 0 && number < 1 && (mark === 0 || mark === 1))).toBe(true);
      const marked = steps.filter(({ mark }) => mark === 1);
      expect(marked.map(({ t }) => t < Math.floor(time / 2))).toEqual([true, false]);
      expect(targets[b]).toEqual(Float32Array.of((marked[0]?.number ?? NaN) + (marked[1]?.number ?? NaN)));
      for (const { t } of marked) places.add(t);
    }
    if (time < 10) expect(places.size).toBe(time); // one place of seven is missed by 200 rows once in 10²⁰ seeds
  });

  test("leaves a mean squared error of 1/6 to the answer 1", () => {
    const rows = 10_000;
    const { targets } = addingProblem({ batch: rows, time: 2, seed: 3 });
    const error = targets.reduce((sum, [target]) => sum + ((target ?? NaN) - 1) ** 2, 0) / rows;
    // (sum − 1)² has the variance 1/15 − 1/36; four standard deviations of its mean.
    expect(Math.abs(error - ADDING_BASELINE)).toBeLessThan(4 * Math.sqrt((1 / 15 - 1 / 36) / rows));
  });
});

describe("copyMemory", () => {
  test.each([1, 2, 100])("asks for the ten symbols after a delay of %i", (delay) => {
    const { inputs, targets } = copyMemory({ batch: 5, delay, seed: 2 });
    for (const [b, row] of inputs.entries()) {
      const symbols = [...row.subarray(0, 10)];
      expect(symbols.every((id) => id < 8)).toBe(true);
      const blanks = (count: number) => new Array<number>(count).fill(8);
      expect([...row]).toEqual([...symbols, ...blanks(delay - 1), 9, ...blanks(10)]);
      expect([...(targets[b] ?? [])]).toEqual([...blanks(delay + 10), ...symbols]);
    }
  });

  test("uses all eight symbols, and leaves 10 ln 8 / (T + 20) to a model without memory", () => {
    const { inputs, targets } = copyMemory({ batch: 100, delay: 30, seed: 2 });
    expect(new Set(inputs.flatMap((row) => [...row])).size).toBe(COPY_VOCABULARY);
    const probability = (t: number, id: number) => (t < 40 ? Number(id === 8) : id < 8 ? 1 / 8 : 0);
    const losses = targets.flatMap((row) => Array.from(row, (id, t) => -Math.log(probability(t, id))));
    const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
    expect(loss).toBeCloseTo(copyBaseline(30), 12);
  });
});

describe("temporalOrder", () => {
  test("puts X or Y at two places of the paper's rows and asks for their order", () => {
    const { inputs, targets, lengths } = temporalOrder({ batch: 2000, time: 110, seed: 6 });
    const seen = { lengths: new Set<number>(), first: new Set<number>(), second: new Set<number>() };
    const classes = [0, 0, 0, 0];
    for (const [b, row] of inputs.entries()) {
      const length = lengths[b] as number;
      const text = Array.from(row.subarray(0, length), (id) => TEMPORAL_ORDER_SYMBOLS[id]).join("");
      expect(text).toMatch(/^E[a-d]*[XY][a-d]*[XY][a-d]*B$/);
      expect(row).toHaveLength(110);
      expect(row.subarray(length).every((id) => id === 0)).toBe(true);
      const [first, second] = [...text.matchAll(/[XY]/g)];
      seen.lengths.add(length);
      seen.first.add(first?.index as number);
      seen.second.add(second?.index as number);
      const name = `${first?.[0]}${second?.[0]}`;
      expect(targets[b]).toEqual(Uint32Array.of(["XX", "XY", "YX", "YY"].indexOf(name)));
      classes[targets[b]?.[0] as number] += 1;
    }
    const range = (from: number) => Array.from({ length: 11 }, (_, i) => from + i);
    const ordered = (places: Set<number>) => [...places].sort((a, b) => a - b);
    // Each of 11 values is missed by 2,000 rows once in 10⁸² seeds.
    expect(ordered(seen.lengths)).toEqual(range(100));
    expect(ordered(seen.first)).toEqual(range(10));
    expect(ordered(seen.second)).toEqual(range(50));
    const chiSquare = classes.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0);
    expect(chiSquare).toBeLessThan(16.3); // exceeded by chance once in 1,000 seeds (3 degrees of freedom)
  });

  test("fits the shortest rows", () => {
    const { inputs, lengths } = temporalOrder({ batch: 100, time: 11 });
    for (const [b, row] of inputs.entries()) {
      const text = Array.from(row.subarray(0, lengths[b]), (id) => TEMPORAL_ORDER_SYMBOLS[id]).join("");
      expect(text).toMatch(/^E[a-d]*[XY][a-d]*[XY][a-d]*B$/);
    }
  });
});

describe("embeddedReber", () => {
  // The grammar as a regular expression, read off the paper's picture and not off the table of states.
  const reber = "B(?:TS*X(?:XT*VP)*(?:S|XT*VV)|PT*V(?:PXT*V)*(?:V|PS))E";
  const strings = (time: number, batch: number) => {
    const drawn = embeddedReber({ batch, time, seed: 4 });
    const texts = drawn.inputs.map((row, b) => {
      const length = drawn.lengths[b] as number;
      const ids = [...row.subarray(0, length), drawn.targets[b]?.[length - 1] as number];
      expect([...(drawn.targets[b] ?? [])].slice(0, length)).toEqual(ids.slice(1));
      expect(row).toHaveLength(time);
      return ids.map((id) => REBER_SYMBOLS[id] as string).join("");
    });
    return { ...drawn, texts };
  };

  test("draws strings of the grammar, embedded between two equal symbols", () => {
    const { texts } = strings(60, 2000);
    for (const text of texts) expect(text).toMatch(new RegExp(`^B(?:T${reber}T|P${reber}P)E$`));
    const shortest = texts.filter((text) => text.length === 9);
    expect(new Set(shortest)).toEqual(new Set(["BTBTXSETE", "BTBPVVETE", "BPBTXSEPE", "BPBPVVEPE"]));
  });

  test("redraws strings that are too long", () => {
    expect(new Set(strings(8, 50).texts.map((text) => text.length))).toEqual(new Set([9]));
  });

  test("names as legal just what follows the same beginning in some string", () => {
    const { texts, legal, lengths } = strings(60, 2000);
    const followers = new Map<string, Set<string>>();
    for (const text of texts) {
      for (let end = 1; end < text.length; end++) {
        const beginning = text.slice(0, end);
        followers.set(beginning, (followers.get(beginning) ?? new Set()).add(text[end] as string));
      }
    }
    for (const [b, text] of texts.entries()) {
      const named = Array.from({ length: 60 }, (_, t) => {
        const row = legal[b]?.subarray(t * 7, t * 7 + 7);
        return REBER_SYMBOLS.filter((_, id) => row?.[id] === 1).join("");
      });
      // At most five forks lie in seven symbols: 62 strings on average share such a beginning.
      const seen = named.slice(0, 7).map((_, t) => [...(followers.get(text.slice(0, t + 1)) ?? [])]);
      const inOrder = (symbols: string[]) => REBER_SYMBOLS.filter((symbol) => symbols.includes(symbol)).join("");
      expect(named.slice(0, 7)).toEqual(seen.map(inOrder));
      const length = lengths[b] as number;
      expect(named.slice(0, length).every((symbols, t) => symbols.includes(text[t + 1] as string))).toBe(true);
      expect(named.slice(length - 2)).toEqual([text[1], "E", ...new Array<string>(60 - length).fill("")]);
      expect(legal[b]).toHaveLength(60 * 7);
    }
  });
});

test("parity says at every step whether an odd number of ones has come", () => {
  const { inputs, targets } = parity({ batch: 50, time: 30, seed: 5 });
  const ones = inputs.flatMap((row) => [...row]).reduce((sum, bit) => sum + bit, 0);
  for (const [b, row] of inputs.entries()) {
    const expected = Array.from(row, (_, t) => [...row.subarray(0, t + 1)].filter((bit) => bit === 1).length % 2);
    expect([...(targets[b] ?? [])]).toEqual(expected);
  }
  expect(Math.abs(ones - 750)).toBeLessThan(4 * Math.sqrt(1500 / 4)); // four standard deviations
});

test("sine follows the recurrence of a sine of one period, one step ahead", () => {
  const { inputs, targets } = sine({ batch: 50, time: 100, seed: 6 });
  for (const [b, row] of inputs.entries()) {
    expect(targets[b]?.subarray(0, -1)).toEqual(row.subarray(1));
    const x = [...row, targets[b]?.at(-1) as number];
    const at = (t: number) => x[t] as number;
    const most = Array.from({ length: 99 }, (_, t) => t + 1).reduce((a, t) =>
      Math.abs(at(t)) > Math.abs(at(a)) ? t : a,
    );
    const twiceCosine = (at(most - 1) + at(most + 1)) / at(most); // x(t − 1) + x(t + 1) = 2 cos ω · x(t)
    const period = (2 * Math.PI) / Math.acos(twiceCosine / 2);
    expect(period).toBeGreaterThan(9.99);
    expect(period).toBeLessThan(50.01);
    // Values below 1 are rounded by 2⁻²⁵ at most: four roundings here, four in the cosine, divided by at least 0.95.
    for (let t = 1; t < 100; t++) {
      expect(Math.abs(at(t - 1) + at(t + 1) - twiceCosine * at(t))).toBeLessThan(9 * 2 ** -25);
    }
  }
});

describe("mackeyGlass", () => {
  /** Heun's method of second order, whose grid has every delayed value that it asks for. */
  const heun = (past: number, perUnit: number, units: number): number[] => {
    const lag = 17 * perUnit;
    const dt = 1 / perUnit;
    const x = new Array<number>(lag + 1).fill(past);
    const feedback = (t: number) => (0.2 * (x[t] as number)) / (1 + (x[t] as number) ** 10);
    for (let t = lag; t < lag + units * perUnit; t++) {
      const here = x[t] as number;
      const slope = feedback(t - lag) - 0.1 * here;
      x.push(here + (dt / 2) * (slope + feedback(t - lag + 1) - 0.1 * (here + dt * slope)));
    }
    return Array.from({ length: units + 1 }, (_, unit) => x[lag + unit * perUnit] as number);
  };

  test("solves the equation as another method does with smaller and smaller steps", () => {
    const [batch, time, seed] = [3, 200, 4];
    const { inputs, targets } = mackeyGlass({ batch, time, seed });
    const pasts = new Draws(seed);
    for (let b = 0; b < batch; b++) {
      const past = 0.5 + pasts.uniform();
      const [coarse, middle, fine] = [25, 50, 100].map((perUnit) => heun(past, perUnit, 500 + time).slice(500));
      // Heun's error falls as dt²: extrapolated from two step sizes, and its own error judged by a coarser pair.
      const extrapolate = (a: number[] = [], b: number[] = []) =>
        b.map((value, t) => (4 * value - (a[t] as number)) / 3);
      const [rough, exact] = [extrapolate(coarse, middle), extrapolate(middle, fine)];
      const tolerance = Math.max(...exact.map((value, t) => Math.abs(value - (rough[t] as number)))) + 2 ** -24;
      expect(tolerance).toBeLessThan(2e-5);
      for (let t = 0; t < time; t++) {
        expect(Math.abs((inputs[b]?.[t] as number) - (exact[t] as number))).toBeLessThan(tolerance);
        expect(Math.abs((targets[b]?.[t] as number) - (exact[t + 1] as number))).toBeLessThan(tolerance);
      }
    }
  });
});
