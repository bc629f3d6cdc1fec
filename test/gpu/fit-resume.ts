import type { Batch } from "../../src/batch/batch.ts";
import { FACTOR } from "../../src/control.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { readSafetensors, writeSafetensors } from "../../src/io/safetensors.ts";
import { resumeTraining, trainingCheckpoint } from "../../src/io/training-checkpoint.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { adam } from "../../src/optim/adam.ts";
import { onPlateau } from "../../src/optim/plateau.ts";
import { sgd } from "../../src/optim/sgd.ts";
import type { NamedTensors } from "../../src/tensor.ts";
import { createTrainer, type TrainerOptions } from "../../src/train/create-trainer.ts";
import { fit } from "../../src/train/fit.ts";
import type { FitEvent } from "../../src/train/fit-events.ts";
import type { FitOptions } from "../../src/train/fit-options.ts";
import type { Trainer } from "../../src/train/trainer.ts";
import type { GpuCase } from "./case.ts";
import { expectRefusal } from "./refusal.ts";
import { expectAllEqual } from "./small-networks.ts";

const model = sequential(embedding(5, 4), gru(4, 6, { dropout: 0.2, inputDropout: 0.2 }), linear(6, 5));
const size = { batch: 2, time: 3, seed: 4 };
/** So large that the validation loss falls once and then grows: the second of its epochs is the best. */
const options: TrainerOptions = { ...size, optimizer: adam({ learningRate: 0.5 }) };
const EPOCHS = 5;

const batchOf = (shift: number): Batch => {
  const ids = Array.from({ length: 7 }, (_, i) => (i * i + shift) % 5);
  return { inputs: ids.slice(0, 6), targets: ids.slice(1) };
};
const dataset = [0, 1, 2].map(batchOf);
const validation = [batchOf(4)];
const plateauOptions = { patience: 0, factor: 0.5 };

interface Played {
  readonly events: FitEvent[];
  readonly weights: NamedTensors;
  /** Those at its last `best` event. */
  readonly best: NamedTensors;
}

/** Plays a training to its end. */
async function played(trainer: Trainer, given: FitOptions): Promise<Played> {
  const events: FitEvent[] = [];
  let best: NamedTensors = new Map();
  for await (const event of fit(trainer, dataset, given)) {
    events.push(event);
    if (event.kind === "best") best = await trainer.weights();
  }
  const weights = await trainer.weights();
  trainer.dispose();
  return { events, weights, best };
}

/** Plays a training until so many events have been told, and saves it there. */
async function leftAt(gpu: Gpu, events: number): Promise<Uint8Array> {
  const trainer = await createTrainer(gpu, model, options);
  const training = fit(trainer, dataset, { epochs: EPOCHS, validation, plateau: onPlateau(plateauOptions) });
  let told = 0;
  for await (const _ of training) if (++told === events) break;
  const bytes = await trainingCheckpoint(trainer, { fit: training.state });
  trainer.dispose();
  return bytes;
}

/** Goes on with it to the end of the whole training. */
async function gone(gpu: Gpu, bytes: Uint8Array): Promise<Played> {
  const { trainer, fit: resume } = await resumeTraining(gpu, bytes);
  const plateau = onPlateau(plateauOptions, resume?.plateau ?? undefined);
  return played(trainer, { epochs: EPOCHS, validation, plateau, ...(resume ? { resume } : {}) });
}

async function wholeRun(gpu: Gpu): Promise<Played> {
  const trainer = await createTrainer(gpu, model, options);
  return played(trainer, { epochs: EPOCHS, validation, plateau: onPlateau(plateauOptions) });
}

const epochsOf = (events: readonly FitEvent[]): FitEvent[] => events.filter(({ kind }) => kind === "epoch");

function expectSame(what: string, actual: unknown, wanted: unknown): void {
  if (JSON.stringify(actual) === JSON.stringify(wanted)) return;
  throw new Error(`${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`);
}

/** The place of the last event of a kind. */
function lastOf(events: readonly FitEvent[], wanted: FitEvent["kind"]): number {
  return events.findLastIndex(({ kind }) => kind === wanted);
}

export const cases: GpuCase[] = [
  {
    name: "stopped after its best epoch, saved and resumed, it puts back the weights of before the stop",
    async run(gpu) {
      const whole = await wholeRun(gpu);
      const best = lastOf(whole.events, "best");
      const stop = whole.events.findIndex(({ kind }, i) => i > best && kind === "epoch") + 1;
      const rest = await gone(gpu, await leftAt(gpu, stop));
      expectSame("events", rest.events, whole.events.slice(stop));
      expectSame("a best one since", lastOf(rest.events, "best"), -1);
      if (epochsOf(rest.events).length < 2) throw new Error("no worse epochs to come");
      expectAllEqual("weights", rest.weights, whole.best);
    },
  },
  {
    name: "saved at any of its events it goes on to the same epochs and the same weights",
    async run(gpu) {
      const whole = await wholeRun(gpu);
      for (const kind of ["validation", "best", "plateau", "epoch"] as const)
        lastOf(whole.events, kind) > 0 || fail(kind);
      for (let events = 1; events < whole.events.length; events++) {
        const rest = await gone(gpu, await leftAt(gpu, events));
        const left = `left at ${whole.events[events - 1]?.kind}, event ${events}`;
        const epochs = epochsOf(rest.events);
        expectSame(left, epochs, epochsOf(whole.events).slice(EPOCHS - epochs.length));
        expectAllEqual(left, rest.weights, whole.weights);
      }
    },
  },
  {
    name: "patience that is used up ends a resumed training at once",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, options);
      const training = fit(trainer, dataset, { epochs: 50, validation, patience: 2 });
      let state = training.state;
      for await (const { kind } of training) {
        if (kind === "epoch" && training.state.waited === 2) {
          state = training.state;
          break;
        }
      }
      const { steps } = trainer;
      const { events, weights } = await played(trainer, { epochs: 50, validation, patience: 2, resume: state });
      expectSame("events", events, [{ kind: "stopped", step: steps, reason: "patience" }]);
      expectAllEqual("weights", weights, state.bestWeights ?? new Map());
    },
  },
  {
    name: "a new trainer goes on at the rate that a plateau has come to",
    async run(gpu) {
      const plain = sequential(embedding(5, 4), gru(4, 6), linear(6, 5)); // what goes on is weights and rate alone
      const learning = { ...size, optimizer: sgd({ learningRate: 2 }) };
      const given = { validation, keepBest: false };
      const first = await createTrainer(gpu, plain, learning);
      const plateau = onPlateau({ patience: 0, factor: 0.5, threshold: 0.9 });
      const training = fit(first, dataset, { ...given, epochs: 3, plateau });
      for await (const _ of training);
      if (!(plateau.state.factor < 1)) throw new Error("no plateau");
      const from = await first.weights();
      const resume = JSON.parse(JSON.stringify(training.state));
      const again = onPlateau({ patience: 0, factor: 0.5, threshold: 0.9 }, resume.plateau);
      const second = await createTrainer(gpu, plain, { ...learning, from });
      const rest = await played(second, { ...given, epochs: 4, plateau: again, resume });
      const whole = await played(first, { ...given, epochs: 4, plateau, resume });
      expectAllEqual("weights", rest.weights, whole.weights);
      const unreduced = await played(await createTrainer(gpu, plain, { ...learning, from }), given);
      const bias = ({ weights }: Played): string => String(weights.get("2.bias")?.data);
      if (bias(unreduced) === bias(whole)) throw new Error("the rate changes nothing");
    },
  },
  {
    name: "a dataset shorter than what the state has behind it is refused",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, options);
      const training = fit(trainer, dataset, { steps: 5 });
      for await (const _ of training);
      const short = fit(trainer, dataset.slice(1, 2), { epochs: 2, resume: training.state });
      const expected = "fit: dataset: expected at least the 2 batches of epoch 2 that the state has behind it, got 1";
      await expectRefusal(expected, async () => {
        for await (const _ of short);
      });
      expectSame("epochs", short.state.epochs, 1);
      trainer.dispose();
    },
  },
  {
    name: "a second training does not inherit the rate that the first has come to",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, { ...options, optimizer: sgd({ learningRate: 0 }) });
      const factor = async () => (await trainer.state()).tensors.get("trainer.control")?.data[FACTOR];
      const plateau = onPlateau(plateauOptions); // of a loss that does not move: the rate is 0
      for await (const _ of fit(trainer, dataset, { epochs: 3, validation, plateau }));
      expectSame("after a plateau", await factor(), 1 / 4);
      for await (const _ of fit(trainer, dataset));
      expectSame("without one", await factor(), 1);
      trainer.dispose();
    },
  },
  {
    name: "a bound on steps stops it as a signal does, and it goes on to the last bit",
    async run(gpu) {
      const whole = await wholeRun(gpu);
      const trainer = await createTrainer(gpu, model, options);
      const training = fit(trainer, dataset, { steps: 7, validation, plateau: onPlateau(plateauOptions) });
      let last: FitEvent | undefined;
      for await (const event of training) last = event;
      expectSame("end", last, { kind: "stopped", step: 7, reason: "steps" });
      expectSame("place", [training.state.epochs, training.state.batches], [2, 1]);
      const rest = await gone(gpu, await trainingCheckpoint(trainer, { fit: training.state }));
      trainer.dispose();
      expectSame("events", rest.events, whole.events.slice(-rest.events.length));
      expectAllEqual("weights", rest.weights, whole.weights);
    },
  },
  {
    name: "best weights that are missing or do not fit are refused, and so is a plateau that has forgotten",
    async run(gpu) {
      const bytes = await leftAt(gpu, 10);
      const { tensors, metadata } = readSafetensors(bytes);
      const { checksum: _, ...unmarked } = metadata;
      const bias = tensors.get("best.2.bias") ?? fail("no best weights in the file");
      const damaged = (change: (copy: Map<string, typeof bias>) => unknown): Uint8Array => {
        const copy = new Map(tensors);
        change(copy);
        return writeSafetensors(copy, { ...unmarked, version: "1" }); // which needs no checksum
      };
      await expectRefusal('checkpoint: best weights: "2.bias": expected a tensor of shape [5], got none', () =>
        resumeTraining(
          gpu,
          damaged((copy) => copy.delete("best.2.bias")),
        ),
      );
      await expectRefusal('checkpoint: best weights: "2.bias": expected a tensor of shape [5], got [1]', () =>
        resumeTraining(
          gpu,
          damaged((copy) => copy.set("best.2.bias", { shape: [1], data: bias.data.slice(0, 1) })),
        ),
      );
      await expectRefusal('checkpoint: best weights: "2.bias": expected finite numbers', () =>
        resumeTraining(
          gpu,
          damaged((copy) => copy.set("best.2.bias", { ...bias, data: bias.data.map(() => Number.NaN) })),
        ),
      );
      const changed = new Map([...tensors, ["best.2.bias", { ...bias, data: bias.data.map((value) => value + 1) }]]);
      await expectRefusal("checkpoint: expected content of checksum", () =>
        resumeTraining(gpu, writeSafetensors(changed, metadata)),
      );
      const { trainer, fit: resume } = await resumeTraining(gpu, bytes);
      const plain = JSON.parse(JSON.stringify({ ...resume, bestWeights: undefined }));
      await expectRefusal("fit: resume: bestWeights: expected the weights with the best loss", () =>
        fit(trainer, dataset, { resume: plain }),
      );
      fit(trainer, dataset, { resume: plain, keepBest: false });
      await expectRefusal("fit: plateau: expected the one of the state", () =>
        fit(trainer, dataset, { resume: plain, keepBest: false, plateau: onPlateau() }),
      );
      await expectRefusal("fit: resume: bestWeights: expected tensors by name", () =>
        fit(trainer, dataset, { resume: { ...plain, bestWeights: {} } }),
      );
      trainer.dispose();
    },
  },
  {
    name: "a validation in which nothing counts is refused, one in which something does is not",
    async run(gpu) {
      const masked: Batch = { ...batchOf(0), lengths: [0, 0] };
      const trainer = await createTrainer(gpu, model, options);
      const training = fit(trainer, dataset, { validation: [masked], patience: 1 });
      await expectRefusal("fit: validation: expected at least one row that counts, got none in 1 batches", async () => {
        for await (const _ of training);
      });
      expectSame("epochs used up", [training.state.epochs, training.state.waited, training.state.batches], [0, 0, 3]);
      const { events } = await played(trainer, { validation: [masked, ...validation], resume: training.state });
      const [epoch] = epochsOf(events) as [FitEvent & { kind: "epoch" }];
      if (!Number.isFinite(epoch.validationLoss)) throw new Error(`validation loss ${epoch.validationLoss}`);
    },
  },
];

function fail(what: string): never {
  throw new Error(what);
}
