import { formatBits, formatClock, formatCount } from "./format.ts";

/** How far a run is. */
export interface Progress {
  readonly step: number;
  readonly steps: number;
  /** Nats a character, smoothed. */
  readonly loss: number;
  /** Nats a character; undefined before it was measured. */
  readonly heldOut: number | undefined;
  readonly tokensPerSecond: number;
  readonly secondsLeft: number;
}

/** Columns of the bar itself; where fewer are left there is none. */
const BAR = { least: 5, most: 30 };

/** The figures, in one line. Bits are those of the held-out text where there are some. */
export function progressText({ step, steps, loss, heldOut, tokensPerSecond, secondsLeft }: Progress): string {
  return [
    `${String(step).padStart(String(steps).length)}/${steps} `,
    `loss ${loss.toFixed(2)}`,
    heldOut === undefined
      ? `(${formatBits(loss)} bits)`
      : ` held-out ${heldOut.toFixed(2)} (${formatBits(heldOut)} bits)`,
    ` ${formatCount(tokensPerSecond)} tokens/s`,
    ` ${formatClock(secondsLeft)} left`,
  ].join(" ");
}

/** The same behind a bar that takes what a line of so many columns leaves to it. */
export function progressBar(progress: Progress, columns: number): string {
  const text = progressText(progress);
  const width = Math.min(BAR.most, columns - text.length - 1);
  if (width < BAR.least) return text;
  const full = Math.round((width * progress.step) / progress.steps);
  return `${"█".repeat(full)}${"░".repeat(width - full)} ${text}`;
}
