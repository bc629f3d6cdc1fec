/**
 * Every kernel that can exist, one constant each so that a bundler keeps only those in use. Recurrent layers and trainers
 * name some that few of them use: these import themselves, and `gpu/shader.ts` loads them.
 */

import activationBackwardSource from "../shaders/activation_backward.wgsl?raw";
import activationForwardSource from "../shaders/activation_forward.wgsl?raw";
import adagradSource from "../shaders/adagrad.wgsl?raw";
import adamSource from "../shaders/adam.wgsl?raw";
import attentionSource from "../shaders/attention.wgsl?raw";
import attentionKeysBackwardSource from "../shaders/attention_keys_backward.wgsl?raw";
import attentionQueriesBackwardSource from "../shaders/attention_queries_backward.wgsl?raw";
import carryPastSource from "../shaders/carry_past.wgsl?raw";
import carryPastBackwardSource from "../shaders/carry_past_backward.wgsl?raw";
import clipSource from "../shaders/clip.wgsl?raw";
import columnSumSource from "../shaders/column_sum.wgsl?raw";
import elementLossSource from "../shaders/element_loss.wgsl?raw";
import embeddingBackwardSource from "../shaders/embedding_backward.wgsl?raw";
import embeddingForwardSource from "../shaders/embedding_forward.wgsl?raw";
import gemmSource from "../shaders/gemm.wgsl?raw";
import mergeDirectionsSource from "../shaders/merge_directions.wgsl?raw";
import mergeDirectionsBackwardSource from "../shaders/merge_directions_backward.wgsl?raw";
import oneHotSource from "../shaders/one_hot.wgsl?raw";
import packRecurrentSource from "../shaders/pack_recurrent.wgsl?raw";
import poolTimeSource from "../shaders/pool_time.wgsl?raw";
import poolTimeBackwardSource from "../shaders/pool_time_backward.wgsl?raw";
import rmspropSource from "../shaders/rmsprop.wgsl?raw";
import rnnBeginSource from "../shaders/rnn_begin.wgsl?raw";
import rnnScanBackwardSource from "../shaders/rnn_scan_backward.wgsl?raw";
import rnnScanForwardSource from "../shaders/rnn_scan_forward.wgsl?raw";
import rnnStepBackwardSource from "../shaders/rnn_step_backward.wgsl?raw";
import rnnStepForwardSource from "../shaders/rnn_step_forward.wgsl?raw";
import sampleSource from "../shaders/sample.wgsl?raw";
import sgdSource from "../shaders/sgd.wgsl?raw";
import cutByRadix from "../shaders/shared/cut_by_radix.wgsl?raw";
import cutByRank from "../shaders/shared/cut_by_rank.wgsl?raw";
import order from "../shaders/shared/order.wgsl?raw";
import rowEnd from "../shaders/shared/row_end.wgsl?raw";
import unfolded from "../shaders/shared/unfolded.wgsl?raw";
import softmaxCrossEntropySource from "../shaders/softmax_cross_entropy.wgsl?raw";
import sumSource from "../shaders/sum.wgsl?raw";
import sumSquaresSource from "../shaders/sum_squares.wgsl?raw";
import unfoldTimeSource from "../shaders/unfold_time.wgsl?raw";
import unfoldTimeBackwardSource from "../shaders/unfold_time_backward.wgsl?raw";
import type { Kernel } from "./variant.ts";

export const activationForward: Kernel = { name: "activation_forward", source: activationForwardSource };
export const activationBackward: Kernel = { name: "activation_backward", source: activationBackwardSource };
export const oneHot: Kernel = { name: "one_hot", source: oneHotSource };
export const accumulate: Kernel = { name: "accumulate", source: "#import accumulate" };
export const adagrad: Kernel = { name: "adagrad", source: adagradSource };
export const adam: Kernel = { name: "adam", source: adamSource };
export const attention: Kernel = { name: "attention", source: attentionSource };
export const attentionKeysBackward: Kernel = { name: "attention_keys_backward", source: attentionKeysBackwardSource };
export const attentionQueriesBackward: Kernel = {
  name: "attention_queries_backward",
  source: attentionQueriesBackwardSource,
};
export const carryPast: Kernel = {
  name: "carry_past",
  source: carryPastSource,
  parts: { "shared/row_end": rowEnd },
};
export const carryPastBackward: Kernel = {
  name: "carry_past_backward",
  source: carryPastBackwardSource,
  parts: { "shared/row_end": rowEnd, "shared/unfolded": unfolded },
};
export const clip: Kernel = { name: "clip", source: clipSource };
export const columnSum: Kernel = { name: "column_sum", source: columnSumSource };
export const copyRows: Kernel = { name: "copy_rows", source: "#import copy_rows" };
export const drawMask: Kernel = { name: "draw_mask", source: "#import draw_mask" };
export const dropout: Kernel = { name: "dropout", source: "#import dropout" };
export const elementLoss: Kernel = { name: "element_loss", source: elementLossSource };
export const embeddingBackward: Kernel = { name: "embedding_backward", source: embeddingBackwardSource };
export const embeddingForward: Kernel = { name: "embedding_forward", source: embeddingForwardSource };
export const gemm: Kernel = { name: "gemm", source: gemmSource };
export const layerNorm: Kernel = { name: "layer_norm", source: "#import layer_norm" };
export const layerNormBackward: Kernel = { name: "layer_norm_backward", source: "#import layer_norm_backward" };
export const learnedState: Kernel = { name: "learned_state", source: "#import learned_state" };
export const sum: Kernel = { name: "sum", source: sumSource };
export const mergeDirections: Kernel = { name: "merge_directions", source: mergeDirectionsSource };
export const mergeDirectionsBackward: Kernel = {
  name: "merge_directions_backward",
  source: mergeDirectionsBackwardSource,
};
export const packRecurrent: Kernel = { name: "pack_recurrent", source: packRecurrentSource };
export const poolTime: Kernel = { name: "pool_time", source: poolTimeSource };
export const poolTimeBackward: Kernel = { name: "pool_time_backward", source: poolTimeBackwardSource };
export const rmsprop: Kernel = { name: "rmsprop", source: rmspropSource };
export const rnnBegin: Kernel = { name: "rnn_begin", source: rnnBeginSource };
export const rnnRowsBackward: Kernel = { name: "rnn_rows_backward", source: "#import rnn_rows_backward" };
export const rnnRowsForward: Kernel = { name: "rnn_rows_forward", source: "#import rnn_rows_forward" };
export const rnnScanBackward: Kernel = { name: "rnn_scan_backward", source: rnnScanBackwardSource };
export const rnnScanForward: Kernel = { name: "rnn_scan_forward", source: rnnScanForwardSource };
export const rnnStepBackward: Kernel = { name: "rnn_step_backward", source: rnnStepBackwardSource };
export const rnnStepForward: Kernel = { name: "rnn_step_forward", source: rnnStepForwardSource };
export const sample: Kernel = {
  name: "sample",
  source: sampleSource,
  parts: {
    "shared/order": order,
    "shared/cut_by_radix": cutByRadix,
    "shared/cut_by_rank": cutByRank,
  },
};
export const sgd: Kernel = { name: "sgd", source: sgdSource };
export const softmaxCrossEntropy: Kernel = { name: "softmax_cross_entropy", source: softmaxCrossEntropySource };
export const sumSquares: Kernel = { name: "sum_squares", source: sumSquaresSource };
export const unfoldTime: Kernel = { name: "unfold_time", source: unfoldTimeSource };
export const unfoldTimeBackward: Kernel = {
  name: "unfold_time_backward",
  source: unfoldTimeBackwardSource,
  parts: { "shared/unfolded": unfolded },
};
