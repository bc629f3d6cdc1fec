import { CELLS, DEFAULTS, SAMPLE, TRAINING_SAMPLE } from "./defaults.ts";
import { choice, decimal, flag, type Option, text, wholeNumber } from "./option.ts";

/** The largest size that the engine takes. */
const LARGEST = 65_536;

/** A thousand million: enough for anyone, and steps are counted on the GPU in 32 bits. */
const MANY = 1_000_000_000;

const adapter = choice("kind", ["hardware", "software"], {
  help: "Compute on hardware or in software",
  fallback: "hardware if any",
});

const seed = (help: string, fallback: number | string) => wholeNumber(0, 2 ** 32 - 1, { help, fallback });

const sampling = (length: number) => ({
  prompt: text("text", { help: "Text that samples go on from", fallback: "none, from a new line" }),
  length: wholeNumber(0, MANY, { help: "Characters of a sample; 0 for none", fallback: length }),
  temperature: decimal("a number of at least 0", (value) => value >= 0, {
    help: "Below 1 plainer text, above 1 bolder; 0 as --greedy",
    fallback: DEFAULTS.temperature,
  }),
  greedy: flag("Always take the likeliest character"),
  topK: wholeNumber(0, MANY, { help: "Draw from the n likeliest characters; 0 for all", fallback: DEFAULTS.topK }),
  topP: decimal("a number above 0 and at most 1", (value) => value > 0 && value <= 1, {
    help: "Draw from the likeliest of this share together",
    fallback: DEFAULTS.topP,
  }),
});

export const trainOptions = {
  cell: choice("cell", CELLS, { help: "Recurrent cell", fallback: DEFAULTS.cell }),
  hidden: wholeNumber(1, LARGEST, { help: "Hidden units of a layer", fallback: DEFAULTS.hidden }),
  layers: wholeNumber(1, LARGEST, { help: "Recurrent layers", fallback: DEFAULTS.layers }),
  batch: wholeNumber(1, LARGEST, { help: "Rows of a batch", fallback: DEFAULTS.batch }),
  time: wholeNumber(1, LARGEST, { help: "Characters of a row in one step", fallback: DEFAULTS.time }),
  steps: wholeNumber(1, MANY, {
    help: "Steps of the whole run, resumed ones included",
    fallback: DEFAULTS.steps,
  }),
  lr: decimal("a number above 0 and at most 1000", (value) => value > 0 && value <= 1000, {
    help: "Learning rate of Adam",
    fallback: DEFAULTS.lr,
  }),
  clip: decimal("a number of at least 0", (value) => value >= 0, {
    help: "Largest norm of the gradient; 0 for no clipping",
    fallback: DEFAULTS.clip,
  }),
  validation: decimal("a number of at least 0 and below 1", (value) => value >= 0 && value < 1, {
    help: "Share of the text, its end, held out to measure; 0 for none",
    fallback: DEFAULTS.validation,
  }),
  seed: seed("Key of the first weights and of the samples", DEFAULTS.seed),
  out: text("path", {
    help: "Checkpoint; the learning curve goes beside it",
    fallback: DEFAULTS.out,
  }),
  resume: text("path", { help: "Checkpoint to go on from, bit for bit; then the default of --out" }),
  ...sampling(TRAINING_SAMPLE),
  json: flag("Print one JSON object a line"),
  adapter,
};

export const sampleOptions = {
  ...sampling(SAMPLE),
  seed: seed("Equal keys draw equal texts", "another each time"),
  adapter,
};

export const benchOptions = {
  cell: choice("cell", ["lstm", "gru", "rnn"], { help: "Recurrent cell", fallback: DEFAULTS.cell }),
  json: flag("Print one JSON object"),
  adapter,
};

export const infoOptions = { json: flag("Print one JSON object"), adapter };

/** What was given of a table's options, each read and in its range. */
export type Given<Table> = { [Name in keyof Table]?: Table[Name] extends Option<infer Value> ? Value : never };

/** The options that say how text is drawn. */
export type GivenSampling = Given<ReturnType<typeof sampling> & { seed: Option<number> }>;
