import { describe, expect, test } from "vitest";
import { learningCurve } from "../../src/cli/learning-curve.ts";
import { roundTicks } from "../../src/cli/ticks.ts";

const falling = (length: number) =>
  Array.from({ length }, (_, index) => ({ step: index + 1, loss: 1 + 3 / (index + 1) }));

/** The points [x, y] of the path of a class, in pixels. */
function pathOf(svg: string, name: string): [number, number][] {
  const path = new RegExp(`<path class="${name}" d="(M[^"h]*)"/>`).exec(svg)?.[1] ?? "";
  return [...path.matchAll(/[ML](\S+) ([^ML]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

describe("learningCurve", () => {
  test("places losses between round ticks", () => {
    const svg = learningCurve({ points: falling(3), validation: [{ step: 3, loss: 2.5 }], title: "run" });
    // Losses: ticks 2 to 4 over the pixels 368 (bottom) to 64 (top). Steps: 1 to 3 over the pixels 60 to 740.
    expect(pathOf(svg, "raw")).toEqual([
      [60, 64],
      [400, 292],
      [740, 368],
    ]);
    expect(svg).toContain('<circle class="held-out" cx="740.0" cy="292.0" r="4"/>');
    expect(svg).toContain("held-out text: 2.500");
    expect(svg).toContain("prefers-color-scheme: dark");
  });

  test("joins the held-out losses in a line", () => {
    const validation = [1, 2, 3].map((step) => ({ step, loss: 4.5 - step / 2 }));
    const svg = learningCurve({ points: falling(3), validation, title: "" });
    expect(pathOf(svg, "held-out-line")).toEqual([
      [60, 64],
      [400, 140],
      [740, 216],
    ]);
  });

  test("smooths: a loss that jumps between 1 and 3 has a mean of about 2", () => {
    const points = Array.from({ length: 800 }, (_, step) => ({ step, loss: step % 2 === 0 ? 1 : 3 }));
    const smooth = pathOf(learningCurve({ points, validation: [], title: "" }), "smooth").map(([, y]) => y);
    // 1 and 3 lie 304 pixels apart around 216; a mean over 11 to 21 of them is off by at most 1/11 of half of that.
    for (const y of smooth) expect(Math.abs(y - 216)).toBeLessThan(152 / 11 + 0.1);
  });

  test("keeps a long run small without losing its peaks", () => {
    const points = falling(100_000);
    points[54_321] = { step: 54_322, loss: 9 };
    const svg = learningCurve({ points, validation: [], title: "" });
    expect(svg.length).toBeLessThan(60_000);
    // 9 of the ticks 0 to 10 over 304 pixels
    expect(Math.min(...pathOf(svg, "raw").map(([, y]) => y))).toBeCloseTo(94.4, 1);
  });

  test("leaves out what is not finite and escapes the title", () => {
    const points = [...falling(2), { step: 3, loss: Number.NaN }, { step: 4, loss: Number.POSITIVE_INFINITY }];
    const svg = learningCurve({ points, validation: [], title: "a<b> & c" });
    expect(pathOf(svg, "raw")).toHaveLength(2);
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(svg).toContain("<title>a&lt;b&gt; &amp; c</title>");
  });

  test("draws axes alone without any point", () => {
    const svg = learningCurve({ points: [], validation: [], title: "" });
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg).not.toContain("mean");
  });
});

describe("roundTicks", () => {
  test.each([
    [0, 600, 8, [0, 100, 200, 300, 400, 500, 600]],
    [1.17, 4.3, 6, [1, 2, 3, 4, 5]],
    [0.1, 0.42, 5, [0.1, 0.2, 0.3, 0.4, 0.5]],
    [-3, 7, 4, [-5, 0, 5, 10]],
  ])("covers %s to %s", (low, high, most, ticks) => {
    expect(roundTicks(low, high, most)).toEqual(ticks);
  });
});
