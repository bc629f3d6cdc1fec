import { expect, test } from "vitest";
import { fixtures } from "../fixtures/recurrent.ts";
import { sizes } from "../gpu/sizes.ts";

/** Ones, odd ones, one beyond a tile, a full tile, many. */
const AWKWARD = {
  hidden: [1, 3, 17, 64, 129, 256, 1024],
  batch: [1, 3, 33],
  time: [1, 2, 33, 1000],
} as const;

test.each(["lstm", "gru"])("each awkward size of an %s is somewhere among the fixtures and the cases", (wanted) => {
  const met = [...fixtures, ...sizes].filter(({ cell }) => cell === wanted);
  for (const [size, values] of Object.entries(AWKWARD)) {
    const found = met.map((shape) => shape[size as keyof typeof AWKWARD]);
    expect(found, size).toEqual(expect.arrayContaining([...values]));
  }
});
