import type { Batch } from "../../src/batch/batch.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { adam } from "../../src/optim/adam.ts";
import { onPlateau } from "../../src/optim/plateau.ts";
import { createTrainer, type TrainerOptions } from "../../src/train/create-trainer.ts";
import { createEvaluator } from "../../src/train/evaluator.ts";
import { type Fit, fit } from "../../src/train/fit.ts";
import type { FitEvent } from "../../src/train/fit-events.ts";
import type { Trainer } from "../../src/train/trainer.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { expectRefusal } from "./refusal.ts";
import { expectAllEqual, host } from "./small-networks.ts";

const model = sequential(embedding(5, 4), gru(4, 6, { dropout: 0.2, inputDropout: 0.2 }), linear(6, 5));
const options: TrainerOptions = { batch: 2, time: 3, optimizer: adam({ learningRate: 0.05 }), seed: 4 };

const batchOf = (shift: number): Batch => {
  const ids = Array.from({ length: 7 }, (_, i) => (i * i + shift) % 5);
  return { inputs: ids.slice(0, 6), targets: ids.slice(1) };
};
const dataset = [0, 1, 2].map(batchOf);
const validation = [batchOf(3), { inputs: [[1, 2, 3]], targets: [[0, 1, 4]] }];

async function eventsOf(training: Fit): Promise<FitEvent[]> {
  const events: FitEvent[] = [];
  for await (const event of training) events.push(event);
  return events;
}

const kinds = (events: readonly FitEvent[]): string => events.map(({ kind }) => kind).join(" ");

function expectSame(what: string, actual: unknown, wanted: unknown): void {
  if (JSON.stringify(actual) === JSON.stringify(wanted)) return;
  throw new Error(`${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`);
}

const OVERFLOW = new Map([["2.bias", host([5], [3e38, -3e38, -3e38, -3e38, -3e38])]]);

/** Two epochs of three batches, of which the first of the second epoch meets a bias that overflows. */
async function refusedOnce(gpu: Gpu, onNotFinite: "stop" | "skip" | "halve") {
  const trainer = await createTrainer(gpu, model, options);
  const sound = await trainer.weights();
  const training = fit(
    trainer,
    (epoch) => {
      if (epoch === 2) trainer.parameters.replace(OVERFLOW);
      return dataset;
    },
    { epochs: 3, onNotFinite },
  );
  const events: FitEvent[] = [];
  for await (const event of training) {
    if (event.kind === "refused")
      trainer.parameters.replace(new Map([["2.bias", sound.get("2.bias") ?? host([], [])]]));
    events.push(event);
  }
  const weights = await trainer.weights();
  trainer.dispose();
  return { events, weights, state: training.state };
}

export const cases: GpuCase[] = [
  {
    name: "tells every step with its loss, and each epoch with its mean, validation and bits",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, options);
      const events = await eventsOf(fit(trainer, dataset, { epochs: 2, validation, keepBest: false }));
      const evaluator = await createEvaluator(gpu, model, { batch: 2, time: 3, from: trainer });
      const steps = events.filter((event) => event.kind === "step");
      expectSame(
        "steps",
        steps.map(({ step }) => step),
        [1, 2, 3, 4, 5, 6],
      );
      compare(
        "losses",
        steps.map(({ loss }) => loss),
        (await trainer.progress()).losses,
        0,
      );
      expectSame(
        "order",
        kinds(events).replace(/ best/g, ""),
        "step step step validation epoch step step step validation epoch stopped",
      );
      const last = events.findLast((event) => event.kind === "epoch");
      if (!last) throw new Error("no epoch");
      const mean = steps.slice(3).reduce((sum, { loss }) => sum + loss, 0) / 3;
      compare("epoch", [last.epoch, last.loss], [2, mean], 1e-12);
      compare("validation", [last.validationLoss ?? Number.NaN], [await evaluator.loss(validation)], 0);
      compare("bits", [last.bitsPerCharacter ?? Number.NaN], [(last.validationLoss ?? 0) / Math.LN2], 1e-12);
      expectSame("end", events.at(-1), { kind: "stopped", step: 6, reason: "epochs" });
      evaluator.dispose();
      trainer.dispose();
    },
  },
  {
    name: "stops where validation no longer falls, and puts the best weights back",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, { ...options, optimizer: adam({ learningRate: 0.5 }) });
      let best: Awaited<ReturnType<Trainer["weights"]>> | undefined;
      const training = fit(trainer, dataset, { epochs: 100, validation, patience: 3 });
      const events: FitEvent[] = [];
      for await (const event of training) {
        if (event.kind === "best") best = await trainer.weights();
        events.push(event);
      }
      const epochs = events.filter((event) => event.kind === "epoch");
      const losses = epochs.map(({ validationLoss = Number.NaN }) => validationLoss);
      const lowest = losses.indexOf(Math.min(...losses));
      expectSame("reason", events.at(-1), { kind: "stopped", step: trainer.steps, reason: "patience" });
      expectSame("epochs after the best", losses.length - 1 - lowest, 3);
      if (!best) throw new Error("no best");
      expectAllEqual("weights", await trainer.weights(), best);
      trainer.dispose();
    },
  },
  {
    name: "stopped by a signal within an epoch and resumed, it equals an uninterrupted run to the last bit",
    async run(gpu) {
      const whole = await createTrainer(gpu, model, options);
      const wanted = await eventsOf(fit(whole, dataset, { epochs: 2 }));
      const controller = new AbortController();
      const before = await createTrainer(gpu, model, options);
      const cut = fit(before, stopping(controller, 4), { epochs: 2, signal: controller.signal });
      const events = await eventsOf(cut);
      expectSame("end", events.at(-1), { kind: "stopped", step: 4, reason: "signal" });
      const [loss] = (await before.progress()).losses.slice(-1);
      const begun = { epochs: 1, batches: 1, sum: loss, count: 1 };
      expectSame("state", cut.state, { ...begun, best: null, waited: 0, factor: 1, plateau: null });
      const [from, resume] = [await before.weights(), await before.state()];
      const after = await createTrainer(gpu, model, { ...options, from, resume });
      const rest = await eventsOf(fit(after, dataset, { epochs: 2, resume: JSON.parse(JSON.stringify(cut.state)) }));
      expectSame("events", rest, wanted.slice(-4));
      expectAllEqual("weights", await after.weights(), await whole.weights());
      for (const trainer of [whole, before, after]) trainer.dispose();
    },
  },
  {
    name: "stopped by a signal it has told of every step that it took",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, options);
      const controller = new AbortController();
      const events = await eventsOf(fit(trainer, stopping(controller, 20), { epochs: 10, signal: controller.signal }));
      expectSame(
        "steps",
        events.flatMap((event) => (event.kind === "step" ? [event.step] : [])),
        Array.from({ length: 20 }, (_, i) => i + 1),
      );
      trainer.dispose();
    },
  },
  {
    name: "a step that is not finite stops it, or is left out, or halves the rate",
    async run(gpu) {
      const stopped = await refusedOnce(gpu, "stop");
      expectSame("stop", kinds(stopped.events).split(" epoch ")[1]?.split(" ").at(-1), "stopped");
      expectSame("reason", stopped.events.at(-1), {
        kind: "stopped",
        step: stopped.events.at(-1)?.step,
        reason: "refused",
      });
      for (const policy of ["skip", "halve"] as const) {
        const { events, state } = await refusedOnce(gpu, policy);
        const refused = events.findIndex(({ kind }) => kind === "refused");
        expectSame("step", (events[refused] as { step: number }).step, 4);
        expectSame("end", events.at(-1), { kind: "stopped", step: 9, reason: "epochs" });
        expectSame("factor", state.factor < 1, policy === "halve");
      }
    },
  },
  {
    name: "a plateau of the validation loss lowers the rate",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, { ...options, optimizer: adam({ learningRate: 0 }) });
      const plateau = onPlateau({ patience: 1, factor: 0.5 });
      const events = await eventsOf(fit(trainer, dataset, { epochs: 4, validation, plateau }));
      expectSame(
        "plateaus",
        events.filter(({ kind }) => kind === "plateau"),
        [{ kind: "plateau", step: 9, factor: 0.5 }],
      );
      trainer.dispose();
    },
  },
  {
    name: "what cannot be trained on is refused",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, options);
      await expectRefusal("fit: dataset: expected at least one batch in each epoch", () => eventsOf(fit(trainer, [])));
      const once = dataset[Symbol.iterator]();
      await expectRefusal("fit: dataset: expected at least one batch in each epoch", () =>
        eventsOf(fit(trainer, once, { epochs: 2 })),
      );
      await expectRefusal("fit: validation: expected at least one batch after each epoch", () =>
        eventsOf(fit(trainer, dataset, { epochs: 2, validation: validation[Symbol.iterator]() })),
      );
      await expectRefusal("fit: trainer: expected what createTrainer gives", () => fit({} as never, dataset));
      await expectRefusal("fit: dataset: expected batches", () => fit(trainer, dataset[0] as never));
      const wrong: readonly [string, unknown][] = [
        ["validation: expected batches", validation[0]],
        ["plateau: expected onPlateau()", onPlateau],
        ["signal: expected an AbortSignal", new AbortController()],
        ["resume: epochs: expected a whole number", {}],
      ];
      for (const [message, given] of wrong) {
        const name = message.slice(0, message.indexOf(":"));
        await expectRefusal(`fit: ${message}`, () => fit(trainer, dataset, { [name]: given } as never));
      }
      await expectRefusal("fit: patience: expected validation, whose loss it waits for, got none. Give", () =>
        fit(trainer, dataset, { patience: 1 }),
      );
      await expectRefusal("fit: epochs", () => fit(trainer, dataset, { epochs: 0 }));
      await expectRefusal("fit: expected none but", () => fit(trainer, dataset, { epoch: 2 } as never));
      trainer.dispose();
    },
  },
];

/** The batches of an epoch; the controller is aborted when the n-th of all is asked for. */
function stopping(controller: AbortController, n: number): () => Iterable<Batch> {
  let given = 0;
  return function* () {
    for (const batch of dataset) {
      if (++given > n) controller.abort();
      yield batch;
    }
  };
}
