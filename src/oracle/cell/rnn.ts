import type { CellTwin } from "../twin.ts";

type One = readonly [number];

/** Twin of `shaders/cell/rnn.wgsl`: one gate, state h. */
const elman = (activation: (x: number) => number, derivative: (y: number) => number): CellTwin => ({
  gates: 1,
  states: 1,
  forward(x, r) {
    const h = activation((x as One)[0] + (r as One)[0]);
    return { state: [h], saved: [h] };
  },
  backward: (saved, _previous, _state, dstate) => ({
    dgates: [(dstate as One)[0] * derivative((saved as One)[0])],
    dprevious: [0],
  }),
});

export const rnnTanh = elman(Math.tanh, (y) => 1 - y * y);
export const rnnRelu = elman(
  (x) => Math.max(x, 0),
  (y) => (y > 0 ? 1 : 0),
);
