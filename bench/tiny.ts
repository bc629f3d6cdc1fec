import { onOwnDevice } from "./own.ts";
import { createTrainer } from "../src/train/create-trainer.ts";
import { characterModel, TRAINING } from "./cases.ts";
import { stepper } from "./training.ts";
await onOwnDevice(async (gpu) => {
  const sizes = { vocabulary: 5, features: 4, hidden: 8, batch: 2, time: 4 };
  const trainer = await createTrainer(gpu, characterModel(sizes, "scan"), { batch: 2, time: 4, ...TRAINING });
  const step = stepper(trainer, sizes);
  for (let i = 0; i < 50; i++) { step(); await trainer.ready(); }
  await trainer.loss();
  let t = performance.now();
  for (let i = 0; i < 1000; i++) { step(); await trainer.ready(); }
  await trainer.loss();
  const piped = (performance.now() - t) / 1000; t = performance.now();
  for (let i = 0; i < 300; i++) { step(); await trainer.loss(); }
  console.log("piped", piped.toFixed(2), "ms a step; one by one", ((performance.now() - t) / 300).toFixed(2));
});
