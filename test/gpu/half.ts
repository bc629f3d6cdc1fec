import type { Batch } from "../../src/batch/batch.ts";
import { type Gpu, openDevice } from "../../src/gpu/device.ts";
import { halfToNumber, numberToHalf } from "../../src/half.ts";
import { resumeTraining, trainingCheckpoint } from "../../src/io/training-checkpoint.ts";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { defineCell } from "../../src/nn/define-cell.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { ALL_MACHINES, type Machine } from "../../src/ops/machine-options.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { checkGradients } from "../../src/run/check-gradients.ts";
import { type HostTensor, sizeOf } from "../../src/tensor.ts";
import { createTrainer } from "../../src/train/create-trainer.ts";
import { playTraining } from "../play-training.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { noise } from "./noise.ts";

const UNITS = 20;

const batches = Array.from({ length: 6 }, (_, i): Batch => {
  const ids = Array.from({ length: 19 }, (_, place) => (i * 5 + place * place) % 9);
  return { inputs: ids.slice(0, 18), targets: ids.slice(1), start: i === 0 };
});

/** What is read as float16 by layers of a wavefront, or of other machines. */
const readAsHalf = (machine: Machine): string[] =>
  machine === "wavefront" ? ["1.weight_hh_l0", "1.weight_ih_l1", "1.weight_hh_l1"] : ["1.weight_hh_l0"];

/** Weights in ±1, of which float16 makes others. */
function trainingOf(machine: Machine) {
  const layers = machine === "wavefront" ? 2 : 1;
  const model = sequential(embedding(9, 6), lstm(6, UNITS, { layers, machine }), linear(UNITS, 9));
  const from = new Map(
    model.parameters.map(({ name, shape }, stream): [string, HostTensor] => {
      return [name, { shape, data: noise(sizeOf(shape), stream) }];
    }),
  );
  const optimizer = sgd({ learningRate: 0.1 });
  return { model, options: { batch: 3, time: 6, loss: crossEntropy(), optimizer, clipNorm: 1, from } };
}

const openHalf = (gpu: Gpu): Promise<Gpu> => openDevice({ gpu: gpu.device, recurrentWeights: "float16" });

/** A loss below 4 that rounds 16 times on its way, by 2^-24 each. */
const ROUNDING = 4 * 16 * 2 ** -24;

/**
 * Once weights are updated, device and twin may round one of them apart that lies in the middle of two float16: it moves a
 * loss by 2^-11 of a slope, which is 1/40 on average where 1,600 weights have a gradient of norm 1.
 */
const APART = 2 ** -11 / 40;

async function followsTwins(gpu: Gpu, machine: Machine): Promise<void> {
  const { model, options } = trainingOf(machine);
  const trainer = await createTrainer(await openHalf(gpu), model, options);
  try {
    for (const batch of batches) trainer.step(batch);
    const { losses } = await trainer.progress();
    const wanted = playTraining(model, batches, { ...options, half: true }).losses;
    compare("losses", losses, wanted, (step) => ROUNDING + (step === 0 ? 0 : APART));
    const plain = playTraining(model, batches, options).losses;
    const moved = Math.max(...wanted.map((loss, step) => Math.abs(loss - (plain[step] as number))));
    if (moved < 2 * (ROUNDING + APART)) throw new Error(`float16 moves the losses by ${moved}: too little to be seen`);
    const weights = await trainer.weights();
    for (const name of readAsHalf(machine)) {
      const learned = weights.get(name)?.data ?? new Float32Array();
      const kept = learned.filter((weight) => halfToNumber(numberToHalf(weight)) !== weight).length;
      if (kept < learned.length / 2) throw new Error(`only ${kept} of ${learned.length} in ${name} are not float16`);
    }
    if (!String(trainer.plan).includes(machine) || !String(trainer.plan).includes("recurrent weights in float16")) {
      throw new Error(String(trainer.plan));
    }
  } finally {
    trainer.dispose();
  }
}

export const cases: readonly GpuCase[] = [
  ...ALL_MACHINES.map((machine) => ({
    name: `weights read as float16 on the ${machine} machine: losses are the twins', and what is learned stays float32`,
    run: (gpu: Gpu) => followsTwins(gpu, machine),
  })),
  {
    name: "a training with float16 weights goes on exactly where they are read so again, and not where they are float32",
    async run(gpu) {
      const { model, options } = trainingOf("scan");
      const trainer = await createTrainer(await openHalf(gpu), model, options);
      trainer.step(batches[0] as Batch);
      const bytes = await trainingCheckpoint(trainer);
      trainer.dispose();
      for (const [device, wanted] of [[await openHalf(gpu), true] as const, [gpu, false] as const]) {
        const { trainer: again, exact } = await resumeTraining(device, bytes);
        again.dispose();
        if (exact !== wanted) throw new Error(`exact ${exact}, not ${wanted}`);
      }
    },
  },
  {
    name: "differences of float16 weights are refused: they are steps",
    async run(gpu) {
      const cell = defineCell({
        name: "adds",
        gates: ["a"],
        states: ["h"],
        forward: "h = x.a + r.a;",
        backward: "dx.a = dh; dr = dx; dh = 0.0;",
      });
      const error: Error = await checkGradients(await openHalf(gpu), cell).then(
        () => new Error("not refused"),
        (thrown) => thrown,
      );
      const wanted =
        "checkGradients: gpu: expected a device that keeps recurrent weights in float32, for differences of float16 are " +
        'steps, got recurrentWeights "float16". Open one without recurrentWeights.';
      if (error.message !== wanted) throw error;
    },
  },
];
