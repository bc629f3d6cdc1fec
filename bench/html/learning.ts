import { type LearningResult, learningTable } from "../learning/run.ts";
import { page, type Told } from "./page.ts";
import { htmlTable, withBars } from "./table.ts";

/** Where PyTorch's loss stands in a bar. */
const EQUAL = 0.5;

export const learningPage = (result: LearningResult & Told): string =>
  page(result, {
    title: "webgpu-rnn: what is learned",
    intro:
      "Held-out losses, the mean over the seeds. Bars: over PyTorch's loss from the same weights and batches, which is the " +
      "line; shorter is better.",
    sections: [
      htmlTable(
        ...withBars(
          learningTable(result.learning),
          ["loss over PyTorch's"],
          result.learning.map(({ loss, pytorch }) => [
            { shares: [(EQUAL * loss) / pytorch], tones: [1], bound: EQUAL },
          ]),
        ),
      ),
    ],
  });
