import type { CellTwin } from "../twin.ts";
import { sigmoid } from "./sigmoid.ts";

type Three = readonly [number, number, number];
type One = readonly [number];

/** Twin of `shaders/cell/gru.wgsl`: gates reset, update, candidate, state h. */
export const gru: CellTwin = {
  gates: 3,
  states: 1,
  forward(x, r, previous) {
    const [xReset, xUpdate, xCandidate] = x as Three;
    const [rReset, rUpdate, rCandidate] = r as Three;
    const [before] = previous as One;
    const [reset, update] = [sigmoid(xReset + rReset), sigmoid(xUpdate + rUpdate)];
    const candidate = Math.tanh(xCandidate + reset * rCandidate);
    return { state: [(1 - update) * candidate + update * before], saved: [reset, update, candidate] };
  },
  backward(saved, previous, _, dstate, r) {
    const [reset, update, candidate] = saved as Three;
    const [before] = previous as One;
    const [dh] = dstate as One;
    const dcandidate = dh * (1 - update) * (1 - candidate * candidate);
    const dreset = dcandidate * (r as Three)[2] * reset * (1 - reset);
    const dupdate = dh * (before - candidate) * update * (1 - update);
    return {
      dgates: [dreset, dupdate, dcandidate],
      dr: [dreset, dupdate, dcandidate * reset],
      dprevious: [dh * update],
    };
  },
};
