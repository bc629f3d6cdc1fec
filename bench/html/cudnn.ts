import { type CudnnResult, type CudnnRow, cudnnTable } from "../cudnn.ts";
import { page, type Told } from "./page.ts";
import { type Bars, htmlTable, logShare, noted, withBars } from "./table.ts";

const WAYS = ["infer", "train"] as const;
type Way = (typeof WAYS)[number];

export function cudnnPage(result: CudnnResult & Told): string {
  const { rows, cuda } = result;
  const extents = WAYS.map((way) => {
    const times = rows.flatMap((row) => timesOf(row, way)).filter(Number.isFinite);
    return [Math.min(...times) / 2, Math.max(...times)] as const;
  });
  return page(result, {
    title: "webgpu-rnn beside cuDNN",
    intro:
      `Recurrent layers alone, milliseconds. Bars: ours above, cuDNN's in float32 below${cuda ? ` (${cuda})` : ", which was not there"}; ` +
      "they are logarithmic and begin at half the shortest time of their column.",
    sections: [
      htmlTable(
        ...noted(
          withBars(
            cudnnTable(rows),
            ["forward", "forward and back"],
            rows.map((row) => WAYS.map((way, i) => barsOf(timesOf(row, way), extents[i] as [number, number]))),
          ),
        ),
      ),
    ],
  });
}

const timesOf = ({ ours, cudnn }: CudnnRow, way: Way): number[] => [
  ours?.[way] ?? Number.NaN,
  cudnn?.[`${way}_f32`] ?? Number.NaN,
];

const barsOf = (times: readonly number[], [from, to]: readonly [number, number]): Bars => ({
  shares: times.map((time) => logShare(time, from, to)),
  tones: [1, 4],
});
