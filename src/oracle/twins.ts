/** The float64 twin of every kernel and cell, by the name of its WGSL file. */
import { adam } from "./adam.ts";
import { gru } from "./cell/gru.ts";
import { lstm } from "./cell/lstm.ts";
import { rnnRelu, rnnTanh } from "./cell/rnn.ts";
import { clip } from "./clip.ts";
import { columnSum } from "./column_sum.ts";
import { dropout } from "./dropout.ts";
import { embeddingBackward } from "./embedding_backward.ts";
import { embeddingForward } from "./embedding_forward.ts";
import { gemm } from "./gemm.ts";
import { mean } from "./mean.ts";
import { packRecurrent } from "./pack_recurrent.ts";
import { rnnBegin } from "./rnn_begin.ts";
import { rnnScanBackward } from "./rnn_scan_backward.ts";
import { rnnScanForward } from "./rnn_scan_forward.ts";
import { rnnStepBackward } from "./rnn_step_backward.ts";
import { rnnStepForward } from "./rnn_step_forward.ts";
import { sample } from "./sample.ts";
import { sgd } from "./sgd.ts";
import { softmaxCrossEntropy } from "./softmax_cross_entropy.ts";
import { sumSquares } from "./sum_squares.ts";
import type { CellTwin, Twin } from "./twin.ts";

export const twins: Readonly<Record<string, Twin>> = {
  adam,
  clip,
  column_sum: columnSum,
  dropout,
  embedding_backward: embeddingBackward,
  embedding_forward: embeddingForward,
  gemm,
  mean,
  pack_recurrent: packRecurrent,
  rnn_begin: rnnBegin,
  rnn_scan_backward: rnnScanBackward,
  rnn_scan_forward: rnnScanForward,
  rnn_step_backward: rnnStepBackward,
  rnn_step_forward: rnnStepForward,
  sample,
  sgd,
  softmax_cross_entropy: softmaxCrossEntropy,
  sum_squares: sumSquares,
};

export const cellTwins: Readonly<Record<string, CellTwin>> = {
  gru,
  lstm,
  rnn_relu: rnnRelu,
  rnn_tanh: rnnTanh,
};
