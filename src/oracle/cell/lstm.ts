import type { CellTwin } from "../twin.ts";
import { sigmoid } from "./sigmoid.ts";

type Four = readonly [number, number, number, number];
type Two = readonly [number, number];

/** Twin of `shaders/cell/lstm.wgsl`: gates i f g o, states h c. */
export const lstm: CellTwin = {
  gates: 4,
  states: 2,
  forward(x, r, previous) {
    const [ai, af, ag, ao] = x.map((value, gate) => value + (r[gate] as number)) as unknown as Four;
    const [i, f, g, o] = [sigmoid(ai), sigmoid(af), Math.tanh(ag), sigmoid(ao)];
    const c = f * (previous as Two)[1] + i * g;
    return { state: [o * Math.tanh(c), c], saved: [i, f, g, o] };
  },
  backward(saved, previous, state, dstate) {
    const [i, f, g, o] = saved as Four;
    const [dh, dcNext] = dstate as Two;
    const tanhC = Math.tanh((state as Two)[1]);
    const dc = dcNext + dh * o * (1 - tanhC * tanhC);
    return {
      dgates: [
        dc * g * i * (1 - i),
        dc * (previous as Two)[1] * f * (1 - f),
        dc * i * (1 - g * g),
        dh * tanhC * o * (1 - o),
      ],
      dprevious: [0, dc * f],
    };
  },
};
