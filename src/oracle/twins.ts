/** The float64 twin of every kernel and cell, by the name of its WGSL file. */

import { accumulate } from "./accumulate.ts";
import { activationBackward } from "./activation_backward.ts";
import { activationForward } from "./activation_forward.ts";
import { adagrad } from "./adagrad.ts";
import { adam } from "./adam.ts";
import { attention } from "./attention.ts";
import { attentionKeysBackward } from "./attention_keys_backward.ts";
import { attentionQueriesBackward } from "./attention_queries_backward.ts";
import { carryPast } from "./carry_past.ts";
import { carryPastBackward } from "./carry_past_backward.ts";
import { clip } from "./clip.ts";
import { columnSum } from "./column_sum.ts";
import { copyRows } from "./copy_rows.ts";
import { drawMask } from "./draw_mask.ts";
import { dropout } from "./dropout.ts";
import { elementLoss } from "./element_loss.ts";
import { embeddingBackward } from "./embedding_backward.ts";
import { embeddingForward } from "./embedding_forward.ts";
import { gemm } from "./gemm.ts";
import { layerNorm } from "./layer_norm.ts";
import { layerNormBackward } from "./layer_norm_backward.ts";
import { learnedState } from "./learned_state.ts";
import { mergeDirections } from "./merge_directions.ts";
import { mergeDirectionsBackward } from "./merge_directions_backward.ts";
import { oneHot } from "./one_hot.ts";
import { packRecurrent } from "./pack_recurrent.ts";
import { poolTime } from "./pool_time.ts";
import { poolTimeBackward } from "./pool_time_backward.ts";
import { rmsprop } from "./rmsprop.ts";
import { rnnBegin } from "./rnn_begin.ts";
import { rnnRowsBackward } from "./rnn_rows_backward.ts";
import { rnnRowsForward } from "./rnn_rows_forward.ts";
import { rnnScanBackward } from "./rnn_scan_backward.ts";
import { rnnScanForward } from "./rnn_scan_forward.ts";
import { rnnStepBackward } from "./rnn_step_backward.ts";
import { rnnStepForward } from "./rnn_step_forward.ts";
import { sample } from "./sample.ts";
import { sgd } from "./sgd.ts";
import { softmaxCrossEntropy } from "./softmax_cross_entropy.ts";
import { sum } from "./sum.ts";
import { sumSquares } from "./sum_squares.ts";
import type { Twin } from "./twin.ts";
import { unfoldTime } from "./unfold_time.ts";
import { unfoldTimeBackward } from "./unfold_time_backward.ts";

export const twins: Readonly<Record<string, Twin>> = {
  activation_backward: activationBackward,
  activation_forward: activationForward,
  accumulate,
  adagrad,
  adam,
  attention,
  attention_keys_backward: attentionKeysBackward,
  attention_queries_backward: attentionQueriesBackward,
  carry_past: carryPast,
  carry_past_backward: carryPastBackward,
  clip,
  column_sum: columnSum,
  copy_rows: copyRows,
  draw_mask: drawMask,
  dropout,
  element_loss: elementLoss,
  embedding_backward: embeddingBackward,
  embedding_forward: embeddingForward,
  gemm,
  layer_norm: layerNorm,
  layer_norm_backward: layerNormBackward,
  learned_state: learnedState,
  merge_directions: mergeDirections,
  merge_directions_backward: mergeDirectionsBackward,
  one_hot: oneHot,
  pack_recurrent: packRecurrent,
  pool_time: poolTime,
  pool_time_backward: poolTimeBackward,
  rmsprop,
  rnn_begin: rnnBegin,
  rnn_rows_backward: rnnRowsBackward,
  rnn_rows_forward: rnnRowsForward,
  rnn_scan_backward: rnnScanBackward,
  rnn_scan_forward: rnnScanForward,
  rnn_step_backward: rnnStepBackward,
  rnn_step_forward: rnnStepForward,
  sample,
  sgd,
  softmax_cross_entropy: softmaxCrossEntropy,
  sum,
  sum_squares: sumSquares,
  unfold_time: unfoldTime,
  unfold_time_backward: unfoldTimeBackward,
};
