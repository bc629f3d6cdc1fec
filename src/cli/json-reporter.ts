import type { Reporter } from "./reporter.ts";

/**
 * One JSON object a line: `start`, a `step` for every step, `sample` now and then, `end`. Losses are in nats.
 * @param write takes a line with its end
 */
export function jsonReporter(write: (line: string) => void): Reporter {
  const print = (event: Record<string, unknown>): void => write(`${JSON.stringify(event)}\n`);
  return {
    start: ({ model, vocabulary, options, textName, training, heldOut }, { adapter }) =>
      print({
        event: "start",
        adapter: adapter.name,
        software: adapter.software,
        parameters: model.size,
        text: textName,
        characters: training.length,
        heldOutCharacters: heldOut?.characters ?? 0,
        vocabulary: vocabulary.size,
        batch: options.batch,
        time: options.time,
        steps: options.steps,
        learningRate: options.learningRate,
        clipNorm: options.clipNorm,
        seed: options.seed,
      }),
    event(event) {
      if (event.kind === "sample") print({ event: "sample", step: event.step, text: event.text });
      if (event.kind !== "steps") return;
      for (const { step, loss, tokensPerSecond } of event.steps) print({ event: "step", step, loss, tokensPerSecond });
    },
    end({ next: _, ...summary }) {
      print({ event: "end", ...summary });
    },
    close() {},
  };
}
