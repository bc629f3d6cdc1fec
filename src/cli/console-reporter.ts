import { adapterText } from "./gpu.ts";
import { RunningMean } from "./mean.ts";
import { barMeter, lineMeter } from "./meter.ts";
import { closing, heading, sampleText } from "./report-text.ts";
import type { Reporter } from "./reporter.ts";

/** Steps that the shown loss and speed are averaged over. */
const SMOOTHING = 10;

/** Tells people: a heading, a bar that moves (lines where there is no terminal), samples, and what to do next. */
export function consoleReporter(out: NodeJS.WriteStream): Reporter {
  const print = (text: string): unknown => out.write(`${text}\n`);
  const meter = out.isTTY ? barMeter(out) : lineMeter(print);
  const loss = new RunningMean(SMOOTHING);
  const speed = new RunningMean(SMOOTHING);
  let began = 0;
  let first = 0;
  let step = 0;
  let steps = 0;
  let heldOut: number | undefined;

  function show(): void {
    const secondsLeft = ((performance.now() - began) / 1000 / (step - first)) * (steps - step);
    meter.show({ step, steps, loss: loss.value, heldOut, tokensPerSecond: speed.value, secondsLeft });
  }
  return {
    start(run, gpu) {
      print(heading(run, adapterText(gpu), out.columns ?? Number.POSITIVE_INFINITY));
      began = performance.now();
      first = step = run.before?.state.steps ?? 0;
      steps = run.options.steps;
    },
    event(event) {
      if (event.kind === "steps") {
        for (const record of event.steps) {
          loss.add(record.loss);
          speed.add(record.tokensPerSecond);
          step = record.step;
        }
        if (event.steps.length > 0) show();
      } else if (event.kind === "validation") {
        heldOut = event.point.loss;
        show();
      } else if (event.kind === "sample") {
        meter.hide();
        print(sampleText(event.step, event.text));
      }
    },
    end(summary) {
      meter.hide();
      print(closing(summary));
    },
    close: () => meter.hide(),
  };
}
