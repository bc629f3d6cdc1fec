import { embedding } from "../../src/nn/embedding.ts";
import { encoderContext } from "../../src/nn/encoder-context.ts";
import { type EncoderDecoder, encoderDecoder } from "../../src/nn/encoder-decoder.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { temporalConvolution } from "../../src/nn/temporal-convolution.ts";

/** Ids of the source and of the target. */
export const [SOURCE, TARGETS] = [7, 9];

/** Encoders with decoders, of all that they may have. */
export const pairModels: readonly { name: string; model: EncoderDecoder }[] = [
  {
    name: "two layers, behind a convolution",
    model: encoderDecoder({
      encoder: sequential(embedding(SOURCE, 6), lstm(6, [10, 7])),
      decoder: sequential(
        embedding(TARGETS, 6),
        temporalConvolution(6, 6, { taps: 2 }),
        lstm(6, [10, 7]),
        linear(7, TARGETS),
      ),
      start: 0,
    }),
  },
  {
    name: "an encoder of both directions, and context",
    model: encoderDecoder({
      encoder: sequential(embedding(SOURCE, 6), gru(6, 5, { direction: "bidirectional" })),
      decoder: sequential(embedding(TARGETS, 6), encoderContext(6, 10), gru(16, 10), linear(10, TARGETS)),
      start: 0,
    }),
  },
  ...(["additive", "multiplicative"] as const).map((attention) => ({
    name: `an encoder of both directions, context and ${attention} attention`,
    model: encoderDecoder({
      encoder: sequential(embedding(SOURCE, 6), lstm(6, 5, { direction: "bidirectional" })),
      decoder: sequential(embedding(TARGETS, 6), encoderContext(6, 10), lstm(16, 10), linear(10, TARGETS)),
      start: 0,
      attention,
    }),
  })),
];
