import type { Gpu } from "../../src/gpu/device.ts";
import { sample as kernel } from "../../src/kernels.ts";
import { draw, sample as twin } from "../../src/oracle/sample.ts";
import { threefry, uniformFrom } from "../../src/random.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch, compare, playDispatch } from "./check.ts";
import { noise } from "./noise.ts";

interface Options {
  temperature: number;
  top_k: number;
  top_p: number;
}

const ALL: Options = { temperature: 1, top_k: 0, top_p: 1 };
const GREEDY: Options = { ...ALL, temperature: 0 };
const SEED = 11;
const CAPACITY = 3;

const options: readonly Options[] = [
  GREEDY,
  ALL,
  { temperature: Math.fround(0.7), top_k: 5, top_p: 1 },
  { temperature: 1.5, top_k: 0, top_p: Math.fround(0.9) },
  { temperature: 1, top_k: 40, top_p: 0.5 },
];

const algorithms = [
  { byRadix: false, name: "by rank", sizes: [1, 31, 32, 33, 65, 256], draws: 1000 },
  { byRadix: true, name: "by radix", sizes: [1, 127, 128, 129, 5000], draws: 100 }, // dear on software adapters
];

interface Rows {
  logits: Float32Array; // [B, V]
  vocabulary: number;
  byRadix: boolean;
  options: Options;
  /** Position of each row. */
  cursor: Uint32Array; // [B]
  promptEnd?: number;
}

const dispatch = ({ logits, vocabulary, byRadix, options: chosen, cursor, promptEnd = 0 }: Rows) => ({
  variant: { kernel, flags: { BY_RADIX: byRadix } },
  dims: { vocabulary, capacity: CAPACITY, prompt_end: promptEnd, seed: SEED, ...chosen },
  buffers: {
    logits,
    tokens: Uint32Array.from({ length: cursor.length * CAPACITY }, (_, i) => 9000 + i),
    cursor,
    next: new Uint32Array(cursor.length),
  },
  workgroups: [cursor.length, 1, 1] as const,
});

const check = (gpu: Gpu, rows: Rows) => checkDispatch(gpu, { ...dispatch(rows), twin, tolerance: {} });

/** Plays one dispatch over `count` copies of a row. @returns the tokens drawn */
async function drawFrom(gpu: Gpu, row: readonly number[], count: number, rest: Pick<Rows, "byRadix" | "options">) {
  const logits = Float32Array.from({ length: count * row.length }, (_, i) => row[i % row.length]);
  const cursor = new Uint32Array(count);
  return (await playDispatch(gpu, dispatch({ logits, vocabulary: row.length, cursor, ...rest }))).next as Uint32Array;
}

/**
 * How far rounding may move a boundary between tokens, as a share of the whole: at most nine sums (eight passes of the
 * radix search and the draw) of V / LANES + LANES terms, each rounding by 2^-24, and the exponentials, of 3 + 2 |x| units
 * in the last place and 5 |x| / 2 for the division by the temperature, where |x| weighted by the exponentials is at
 * most ln V. With V = 5000 and 128 lanes that is 9.6e-5.
 */
const ROUNDING = 1e-4;

/** The first position from `start` on at which no rounding can turn the draw of a row into another. */
function firmPosition(logits: Float32Array, row: number, start: number, chosen: Options): number {
  const exact = Float64Array.from(logits);
  for (let position = start; position < start + 100; position++) {
    const uniform = uniformFrom(threefry(SEED, row, position, 0)[0]);
    const drawn = [-ROUNDING, 0, ROUNDING].flatMap((shift) =>
      [-ROUNDING, 0, ROUNDING].map((bend) => {
        const topP = chosen.top_p < 1 ? chosen.top_p + bend : 1;
        return draw(exact, uniform + shift, { ...chosen, top_p: topP });
      }),
    );
    if (new Set(drawn).size === 1) return position;
  }
  throw new Error(`row ${row} has no firm draw`);
}

const ROWS = 6;

const sizeCases = algorithms.flatMap(({ byRadix, name, sizes }) =>
  options.map((chosen) => ({
    name: `${name}, ${JSON.stringify(chosen)}: V ${sizes.join(", ")}`,
    run: async (gpu: Gpu) => {
      for (const vocabulary of sizes) {
        // Multiples of 1/4: many logits are equal, and ids decide.
        const logits = noise(ROWS * vocabulary, vocabulary, 8).map((logit) => Math.round(4 * logit) / 4);
        const cursor = Uint32Array.from({ length: ROWS }, (_, row) =>
          firmPosition(logits.subarray(row * vocabulary, (row + 1) * vocabulary), row, row, chosen),
        );
        await check(gpu, { logits, vocabulary, byRadix, options: chosen, cursor });
      }
    },
  })),
);

/** Weights 8, 4, 2, 1, 1 out of 16, not in order; and which ids may be drawn. */
const WEIGHTS = [1, 8, 2, 1, 4].map(Math.log);
const EQUAL = new Array<number>(256).fill(1);
const supports = [
  { what: "top-k 4 takes the lower id of equal ones", options: { ...ALL, top_k: 4 }, ids: [0, 1, 2, 4] },
  { what: "top-k 3 of 256 equal ones", row: EQUAL, options: { ...ALL, top_k: 3 }, ids: [0, 1, 2] },
  { what: "top-k 5 = V is off", options: { ...ALL, top_k: 5 }, ids: [0, 1, 2, 3, 4] },
  { what: "top-p 0.7 keeps the token that crosses", options: { ...ALL, top_p: 0.7 }, ids: [1, 4] },
  { what: "top-p 0.8 takes one more", options: { ...ALL, top_p: 0.8 }, ids: [1, 2, 4] },
  { what: "top-p 0.9 takes the lower id of equal ones", options: { ...ALL, top_p: 0.9 }, ids: [0, 1, 2, 4] },
  // 12 of 14 after renormalising; before it 12 of 16 would not have reached 0.84.
  { what: "top-p counts what top-k left", options: { ...ALL, top_k: 3, top_p: 0.84 }, ids: [1, 4] },
  // Temperature 1/2 squares the weights: 64 of 86 are above 0.7.
  { what: "temperature comes before top-p", options: { temperature: 0.5, top_k: 0, top_p: 0.7 }, ids: [1] },
];

/** Each token that may be drawn has a share of 1/16 or more: a hundred draws miss one in two seeds of a thousand. */
const supportCases = algorithms.flatMap(({ byRadix, name, draws }) =>
  supports.map(({ what, row = WEIGHTS, options: chosen, ids }) => ({
    name: `${name}, ${what}: exactly ${ids.join(", ")}`,
    run: async (gpu: Gpu) => {
      const drawn = new Set(await drawFrom(gpu, row, draws, { byRadix, options: chosen }));
      compare("ids drawn", [...drawn].sort(), ids, 0);
    },
  })),
);

const HUGE = 3e38;
const { NaN: nan, POSITIVE_INFINITY: up, NEGATIVE_INFINITY: down } = Number;
const strange = [
  { what: "NaN is never drawn", row: [nan, 1, nan, nan], temperatures: [0, 1], id: 1 },
  { what: "NaN ranks below -infinity", row: [nan, down, nan], temperatures: [0, 1], id: 1 },
  { what: "+infinity always is", row: [HUGE / 2, up, 5, down], temperatures: [0, 1], id: 1 },
  { what: "-infinity never is", row: [down, down, -HUGE, down], temperatures: [0, 1], id: 2 },
  { what: "nothing but NaN gives 0", row: [nan, nan, nan], temperatures: [0, 1], id: 0 },
  { what: "equal logits, the zeros too, give the lowest id", row: [-1, -0, 0, -0], temperatures: [0], id: 1 },
];

const strangeCases = algorithms.flatMap(({ byRadix, name }) =>
  strange.map(({ what, row, temperatures, id }) => ({
    name: `${name}, ${what}`,
    run: async (gpu: Gpu) => {
      for (const temperature of temperatures) {
        for (const top_k of [0, 2]) {
          const drawn = await drawFrom(gpu, row, 20, { byRadix, options: { temperature, top_k, top_p: 1 } });
          compare(`temperature ${temperature}, top-k ${top_k}`, drawn, new Uint32Array(20).fill(id), 0);
        }
      }
    },
  })),
);

const ringCases: GpuCase[] = [
  {
    name: "a prompt's tokens stay; the ring goes round",
    run: async (gpu) => {
      const cursor = Uint32Array.of(0, 3, 4, 5, 6); // the prompt ends at 6: rows 0 to 2 keep what the host wrote
      const logits = noise(cursor.length * 9, 1);
      await check(gpu, { logits, vocabulary: 9, byRadix: false, options: GREEDY, cursor, promptEnd: 6 });
    },
  },
  {
    name: "a draw does not depend on how many rows there are",
    run: async (gpu) => {
      const row = [...noise(9, 1)];
      const many = await drawFrom(gpu, row, 40, { byRadix: false, options: ALL });
      compare("first rows", await drawFrom(gpu, row, 7, { byRadix: false, options: ALL }), many.subarray(0, 7), 0);
    },
  },
];

/** 10,000 draws from eight tokens: above 24.3 by chance once in 1,000 seeds (7 degrees of freedom). */
const frequencyCase: GpuCase = {
  name: "10,000 draws are shared out as softmax says (chi-square)",
  run: async (gpu) => {
    const draws = 10_000;
    const row = [...noise(8, 1)];
    const counts = new Uint32Array(row.length);
    for (const id of await drawFrom(gpu, row, draws, { byRadix: false, options: ALL })) counts[id] += 1;
    const total = row.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const chiSquare = row.reduce((sum, logit, id) => {
      const expected = (draws * Math.exp(logit)) / total;
      return sum + (counts[id] - expected) ** 2 / expected;
    }, 0);
    if (!(chiSquare < 24.3)) throw new Error(`chi-square ${chiSquare}, counts ${counts.join()}`);
  },
};

export const cases: GpuCase[] = [...sizeCases, ...supportCases, ...strangeCases, ...ringCases, frequencyCase];
