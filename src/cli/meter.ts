import { SingleBar } from "cli-progress";
import { type Progress, progressBar, progressText } from "./progress-line.ts";

/** Shows how far a run is. */
export interface Meter {
  show(progress: Progress): void;
  /** Makes room for other output; the next `show` goes on. */
  hide(): void;
}

/** Seconds between two lines of `lineMeter`. */
const PAUSE = 5;

/** A bar at the foot of a terminal. */
export function barMeter(out: NodeJS.WriteStream): Meter {
  const format = (_options: unknown, { maxWidth }: { maxWidth: number }, progress: Progress): string =>
    progressBar(progress, maxWidth - 1);
  const bar = new SingleBar({ stream: out, format: format as never, clearOnComplete: true, hideCursor: true });
  let shown = false;
  return {
    show(progress) {
      if (shown) bar.update(progress.step, progress);
      else bar.start(progress.steps, progress.step, { ...progress });
      shown = true;
    },
    hide() {
      if (shown) bar.stop();
      shown = false;
    },
  };
}

/** A line every few seconds, where a bar cannot move, and one before anything else is printed. */
export function lineMeter(print: (line: string) => void): Meter {
  let last = Number.NEGATIVE_INFINITY;
  let waiting: Progress | undefined;
  function flush(): void {
    if (waiting) print(progressText(waiting));
    waiting = undefined;
  }
  return {
    show(progress) {
      waiting = progress;
      if (performance.now() - last < PAUSE * 1000) return;
      last = performance.now();
      flush();
    },
    hide: flush,
  };
}
