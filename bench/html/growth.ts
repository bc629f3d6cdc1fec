import { type GrowthResult, growthTable, MOST_TIME, timesOf } from "../growth.ts";
import { page, type Told } from "./page.ts";
import { htmlTable, withBars } from "./table.ts";

/** Where the bars end: behind their bound, so that one that goes beyond is seen to. */
const WIDEST = 15;

export const growthPage = (result: GrowthResult & Told): string =>
  page(result, {
    title: "webgpu-rnn: what ten times the work costs",
    intro:
      `Bars: times the time of a tenth of the work, from 0 to ${WIDEST}, by medians of runs that took turns; the line is ` +
      `their bound, ${MOST_TIME}. Memory is that of the small, then of the large work.`,
    sections: [
      htmlTable(
        ...withBars(
          growthTable(result.growth),
          [`times the time, at most ${MOST_TIME}`],
          result.growth.map((row) => {
            const times = "failure" in row ? Number.NaN : timesOf(row);
            return [{ shares: [times / WIDEST], tones: [times > MOST_TIME ? 1 : 0], bound: MOST_TIME / WIDEST }];
          }),
        ),
      ),
    ],
  });
