import { perplexity } from "../metrics/cross-entropy.ts";
import { cutLines, formatBits, formatColumns, formatCount, formatDuration, formatLoss } from "./format.ts";
import type { Summary } from "./reporter.ts";
import type { Run } from "./run.ts";

/**
 * What a training run is about to do, for people.
 * @param columns that a line may take; what is longer is cut
 */
export function heading(run: Run, adapter: string, columns: number): string {
  const { textName, model, vocabulary, options, training, heldOut, before } = run;
  const { batch, time, steps, learningRate, seed } = options;
  const short = `none held out, since a share of ${options.validation} would leave one part too short`;
  const none = options.validation === 0 ? "none held out" : short;
  const held = heldOut ? `${formatCount(heldOut.characters)} more held out` : none;
  const rows = formatColumns([
    ["adapter", adapter],
    ["text", `${textName}: ${formatCount(training.length)} characters, ${vocabulary.size} different; ${held}`],
    ["training", `steps ${(before?.state.steps ?? 0) + 1} to ${steps} of ${batch} × ${time} characters`],
    ["", `learning rate ${learningRate}, seed ${seed}`],
  ]);
  return cutLines(`${rows}\n\n${indented(String(model))}\n`, columns);
}

/** What a training run has come to, and the commands that go on from there, if there is something to go on from. */
export function closing(summary: Summary): string {
  const { interrupted, written, steps, seconds, loss, checkpoint, curve, next } = summary;
  if (!written) return "stopped before the first step; nothing was written";
  const figures = [
    `${interrupted ? "stopped after" : "done:"} step ${steps}, ${formatDuration(seconds)}`,
    ...(loss === null ? [] : [`loss ${formatLoss(loss)}`]),
    ...heldOutText(summary),
  ];
  const rows = formatColumns([
    ["checkpoint", checkpoint],
    ["learning curve", curve],
    ["write text", next.sample],
    ["train on", next.resume],
  ]);
  return `${figures.join(", ")}\n\n${rows}`;
}

function heldOutText({ steps, validationLoss, validationStep }: Summary): string[] {
  if (validationLoss === null) return [];
  const earlier = validationStep === steps ? "" : ` at step ${validationStep}`;
  return [`held-out ${formatLoss(validationLoss)}${earlier} (${measures(validationLoss)})`];
}

const measures = (loss: number): string =>
  `${formatBits(loss)} bits a character, perplexity ${formatLoss(perplexity(loss))}`;

/** A sample as it stands between the lines of the progress. */
export const sampleText = (step: number, text: string): string => `step ${step} writes:\n${indented(text.trim())}\n`;

const indented = (text: string): string => text.replace(/^/gm, "  ");
