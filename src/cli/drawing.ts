import type { Vocabulary } from "../data/characters.ts";
import type { GenerateOptions, Sampler } from "../train/sampler.ts";
import { DEFAULTS } from "./defaults.ts";
import { naming } from "./naming.ts";
import type { GivenSampling } from "./options.ts";
import { misuse } from "./usage-error.ts";

/** How a text is to be drawn. */
export interface Drawing {
  readonly vocabulary: Vocabulary;
  readonly options: GenerateOptions;
  /** The prompt as far as it was asked for; stands before the text. */
  readonly opening: string;
}

/**
 * @param fallback length and seed where none is given
 * @throws WebgpuRnnError when the prompt has characters that the model has never seen
 */
export function drawing(
  vocabulary: Vocabulary,
  given: GivenSampling,
  fallback: { length: number; seed: number },
): Drawing {
  const { prompt, length, temperature, topK, topP, seed, greedy } = { ...DEFAULTS, ...fallback, ...given };
  if (greedy && given.temperature) {
    throw misuse({ what: "--greedy", expected: "no --temperature beside it", got: String(given.temperature) });
  }
  const ids = naming("--prompt", () => vocabulary.encode(prompt ?? lineStart(vocabulary)));
  const options = { prompt: ids, length, temperature: greedy ? 0 : temperature, topK, topP, seed };
  return { vocabulary, options, opening: prompt ?? "" };
}

/** What a text begins behind: the end of a line, if the model knows lines. */
function lineStart({ characters }: Vocabulary): string {
  return characters.includes("\n") ? "\n" : (characters[0] as string);
}

/** Characters at most that a text without a prompt runs in. */
const RUN_IN = 64;

/**
 * The text as it is drawn, piece by piece. Without a prompt it begins at the first line that the model comes to by
 * itself: its state is zero nowhere but at the start of training, so that what it draws first is of no worth.
 */
export async function* draw(sampler: Sampler, { vocabulary, options, opening }: Drawing): AsyncGenerator<string> {
  if (opening) yield opening;
  let left = options.length;
  let runIn = opening ? 0 : RUN_IN;
  for await (const id of sampler.generate({ ...options, length: left + runIn })) {
    if (left === 0) return;
    const character = vocabulary.decode([id]);
    if (runIn > 0) runIn = character === "\n" ? 0 : runIn - 1;
    else {
      yield character;
      left -= 1;
    }
  }
}

/** The whole text at once. */
export async function drawn(sampler: Sampler, wanted: Drawing): Promise<string> {
  let text = "";
  for await (const piece of draw(sampler, wanted)) text += piece;
  return text;
}
