/** The public names of the engine; nothing inside the package imports this file. */
export type { Batch } from "./batch/batch.ts";
export type { Ids } from "./batch/ids.ts";
export { WebgpuRnnError } from "./errors.ts";
export { type AdapterSummary, type DeviceOptions, type Gpu, openDevice } from "./gpu/device.ts";
export { type CrossEntropyOptions, crossEntropy } from "./losses/cross-entropy.ts";
export { binaryCrossEntropy, huber, meanAbsoluteError, meanSquaredError } from "./losses/element-losses.ts";
export type { Loss } from "./losses/loss.ts";
export { activation } from "./nn/activation.ts";
export type { AttentionScore } from "./nn/attention.ts";
export * from "./nn/cells.ts";
export { type CellDefinition, defineCell } from "./nn/define-cell.ts";
export { dropout } from "./nn/dropout.ts";
export { embedding } from "./nn/embedding.ts";
export { encoderContext } from "./nn/encoder-context.ts";
export { type EncoderDecoder, type EncoderDecoderOptions, encoderDecoder } from "./nn/encoder-decoder.ts";
export type { Initializer, WeightOptions } from "./nn/initializers.ts";
export type { Layer, Unsized } from "./nn/layer.ts";
export { type LayerNormOptions, layerNorm } from "./nn/layer-norm.ts";
export { linear } from "./nn/linear.ts";
export { oneHot } from "./nn/one-hot.ts";
export { recurrent } from "./nn/own-cell.ts";
export { lastStep, maxOverTime, meanOverTime } from "./nn/pooling.ts";
export type { RecurrentOptions } from "./nn/recurrent-options.ts";
export { type Model, sequential } from "./nn/sequential.ts";
export { type TemporalConvolutionOptions, temporalConvolution } from "./nn/temporal-convolution.ts";
export type { Activation } from "./ops/activations.ts";
export type { Cell } from "./ops/cells.ts";
export { type AdagradOptions, adagrad } from "./optim/adagrad.ts";
export { type AdamOptions, adam, adamW } from "./optim/adam.ts";
export type { Optimizer } from "./optim/optimizer.ts";
export { onPlateau, type Plateau, type PlateauOptions, type PlateauState } from "./optim/plateau.ts";
export { type RmspropOptions, rmsprop } from "./optim/rmsprop.ts";
export {
  constant,
  cosine,
  exponential,
  type OneCycleOptions,
  oneCycle,
  type Schedule,
  stepDecay,
  warmUp,
} from "./optim/schedules.ts";
export { type SgdOptions, sgd } from "./optim/sgd.ts";
export type { Plan } from "./plan/plan.ts";
export {
  type Cotangents,
  createDifferentiator,
  type Differentiator,
  type DifferentiatorOptions,
} from "./run/differentiator.ts";
export type { Flow, FlowOutput } from "./run/flow.ts";
export type { Forward, ForwardResult } from "./run/forward.ts";
export type { Gradients } from "./run/gradients.ts";
export { createPredictor, type Predictor, type PredictorOptions } from "./run/predictor.ts";
export { createStream, type Stream, type StreamOptions } from "./run/stream.ts";
export {
  createTranslator,
  type Source,
  type Translation,
  type Translator,
  type TranslatorOptions,
} from "./run/translator.ts";
export type { HostTensor, NamedTensors } from "./tensor.ts";
export { createTrainer, type TrainerOptions } from "./train/create-trainer.ts";
export { createEvaluator, type Evaluator, type EvaluatorOptions, type Measured } from "./train/evaluator.ts";
export { type Fit, fit } from "./train/fit.ts";
export type { EpochEvent, FitEvent, StopReason } from "./train/fit-events.ts";
export type { Dataset, FitOptions } from "./train/fit-options.ts";
export type { FitState } from "./train/fit-state.ts";
export type { WeightSource } from "./train/parameters.ts";
export { sampleLogits } from "./train/sample-logits.ts";
export { createSampler, type GenerateOptions, type Sampler, type SamplerOptions } from "./train/sampler.ts";
export type { Progress, Trainer } from "./train/trainer.ts";
export type { TrainingState } from "./train/training-state.ts";
