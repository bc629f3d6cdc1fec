import { expect, test } from "vitest";
import { sequential } from "../../src/nn/sequential.ts";
import { temporalConvolution } from "../../src/nn/temporal-convolution.ts";
import type { HostTensor } from "../../src/tensor.ts";
import { placeNetwork, playNetwork, ROWS, SHAPE } from "../networks.ts";

/** y[o, t] = b[o] + Σ W[o, i, k] · padded[i, t + k · dilation]: Conv1d of one row. */
function conv1d(padded: readonly number[][], weight: HostTensor, bias: HostTensor, dilation: number): number[][] {
  const [outputs, inputs, taps] = weight.shape as [number, number, number];
  const steps = padded.length - (taps - 1) * dilation;
  return Array.from({ length: steps }, (_, t) =>
    Array.from({ length: outputs }, (_, o) => {
      let sum = bias.data[o] as number;
      for (let i = 0; i < inputs; i++) {
        for (let k = 0; k < taps; k++) {
          sum += (weight.data[(o * inputs + i) * taps + k] as number) * (padded[t + k * dilation]?.[i] as number);
        }
      }
      return sum;
    }),
  );
}

/** What PyTorch pads: all on the left, or as `padding="same"`, where the right side takes one more of an odd number. */
test.each([
  { options: { taps: 3, dilation: 2 }, left: 4, right: 0 },
  { options: { taps: 4, causal: false }, left: 1, right: 2 },
])("$options gives what Conv1d gives over rows padded with zeros", ({ options, left, right }) => {
  const model = sequential(temporalConvolution(3, 2, options));
  const placed = placeNetwork({ name: "", model, rows: ROWS.lengths ?? {} });
  const { inputs, weights } = placed.given as { inputs: HostTensor; weights: ReadonlyMap<string, HostTensor> };
  const { data } = playNetwork(placed).get("outputs") as HostTensor;
  const zeros = (steps: number): number[][] => Array.from({ length: steps }, () => [0, 0, 0]);
  const wanted = [2, 0, 4].flatMap((length, row) => {
    const at = row * SHAPE.time * 3;
    const steps = Array.from({ length }, (_, t) => [...inputs.data.subarray(at + t * 3, at + t * 3 + 3)]);
    const padded = [...zeros(left), ...steps, ...zeros(SHAPE.time - length + right)];
    const [weight, bias] = [weights.get("0.weight"), weights.get("0.bias")] as [HostTensor, HostTensor];
    return conv1d(padded, weight, bias, options.dilation ?? 1).flat();
  });
  expect(data).toHaveLength(wanted.length);
  // Both are float64 sums; the outputs below 8 were rounded to float32.
  for (const [i, value] of wanted.entries()) expect(Math.abs((data[i] as number) - value)).toBeLessThan(2 ** -21);
});
