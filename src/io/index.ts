export type { HostTensor, NamedTensors } from "../tensor.ts";
export { type Checkpoint, type CheckpointTraining, loadModel, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
export { readSafetensors, writeSafetensors } from "./safetensors.ts";
export { type ResumedTraining, resumeTraining, type TrainingNotes, trainingCheckpoint } from "./training-checkpoint.ts";
