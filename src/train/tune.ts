import type { Gpu } from "../gpu/device.ts";
import type { Model } from "../nn/sequential.ts";
import { TUNING_NEEDS } from "./needs.ts";
import type { Prepare } from "./tuning.ts";

/** How a model is played. */
export interface Played {
  readonly batch: number; // B
  readonly time: number; // T
  /** Whether there is a way back. */
  readonly training: boolean;
}

/**
 * Times the machines for each recurrent layer of a model that has the choice, alone and over a few steps, and keeps the
 * fastest where it was clearly faster than what the model of costs says; where the device was opened with `tune`, and for
 * sizes that it has not timed before. A layer for which too little time is left stays with the model of costs, and so does
 * one of several widths that would mix the machines.
 * @param prepare makes a plan ready; default: on the device
 */
export async function tune(gpu: Gpu, model: Model, played: Played, prepare?: Prepare): Promise<void> {
  const { choices } = gpu;
  if (!choices) return;
  const tuning = await import("./tuning.ts");
  await tuning.tuneMachines(gpu, choices, model, played, TUNING_NEEDS, prepare);
}
