import { gatesOfUnit, putGates, type RecurrentBuffers } from "./recurrent-buffers.ts";
import { previousOf, secondOf } from "./recurrent-forward.ts";

/** The second stage of a row back: from the gradient of h to that of the second product. */
export function unfinish(of: RecurrentBuffers, step: number, row: number): void {
  const { hidden, out, cell, flags, direction } = of;
  const t = of.timeOf(step);
  const dq = new Float64Array(out);
  for (let unit = 0; unit < out; unit++) {
    const [after, kept] = splitGradient(of, 0, t, row, unit, totalDh(of, t, row, unit));
    const gates = of.gates(t, row);
    const last = cell.gates * hidden + unit;
    const back = secondOf(of).backward(
      {
        saved: (flags.RESETS ? gates[last] : of.second(t, row)[unit]) as number,
        gates: flags.RESETS ? gatesOfUnit(gates, unit, hidden, cell.gates) : [],
        previous: flags.RESETS ? (of.state(0, "before", t, row)[unit] as number) : 0,
        dh: after,
      },
      direction,
    );
    if (flags.RESETS) {
      gates[last] = back.dr;
      of.tail("carry", row, hidden)[unit] = back.carry;
    }
    of.carried("dstate", 0, row)[unit] = kept + back.dprevious;
    dq[unit] = back.dr;
  }
  if (flags.SECOND_NORM) {
    const gains = Float64Array.from(dq, (_, unit) => of.secondUnitRow(2, unit));
    const dgain = of.tail("dgain", row, of.allGates * hidden).subarray(cell.gates * hidden);
    denormalise(dq, gains, of.second(t, row), of.deviation(1, t, row)[0] as number, dgain);
  } else {
    of.second(t, row).set(dq);
  }
}

/** What comes through the second product to each unit of a row. */
export function secondGradients(of: RecurrentBuffers, t: number, row: number): number[] {
  const dq = of.second(t, row);
  return Array.from({ length: of.hidden }, (_, unit) =>
    dq.reduce((sum, value, o) => sum + value * of.secondWeight(o, of.hidden, unit), 0),
  );
}

/** The first stage of a row back: saved gates to gradients, states' gradients to the step before. */
export function retreat(of: RecurrentBuffers, step: number, row: number, dmids: readonly number[]): void {
  const { hidden, cell, flags, direction } = of;
  const t = of.timeOf(step);
  const dr = new Float64Array(cell.gates * hidden);
  for (let unit = 0; unit < hidden; unit++) {
    const gates = of.gates(t, row);
    const dmid = dmids[unit] ?? 0;
    const [after, kept] = gradientsAfter(of, t, row, unit, dmid);
    const back = cell.backward(
      {
        saved: gatesOfUnit(gates, unit, hidden, cell.gates),
        r: flags.SPLIT ? rOf(of, t, row, unit) : [],
        previous: previousOf(of, t, row, unit),
        dstate: after,
        dmid: flags.RESETS ? dmid : 0,
        peepholes: of.peepholes(unit),
      },
      direction,
    );
    putGates(gates, unit, hidden, back.dgates);
    putGates(dr, unit, hidden, back.dr ?? back.dgates);
    if (back.dpeepholes && flags.PEEPHOLES) addPeepholes(of, row, unit, back.dpeepholes);
    const dh = of.carried("dstate", 0, row);
    if (flags.RESETS) dh[unit] = (dh[unit] as number) + (back.dprevious[0] as number);
    else if (!flags.TWO_STAGES) dh[unit] = (kept[0] as number) + (back.dprevious[0] as number);
    if (cell.states > 1) of.carried("dstate", 1, row)[unit] = (kept[1] as number) + (back.dprevious[1] as number);
  }
  if (flags.LAYER_NORM) {
    if (flags.SPLIT) addTo(of.tail("dshift", row, dr.length), dr);
    const gains = dr.map((_, i) => of.unitRow(2, i % hidden)[Math.floor(i / hidden)] as number);
    const dgain = of.tail("dgain", row, of.allGates * hidden);
    denormalise(dr, gains, of.r(t, row), of.deviation(0, t, row)[0] as number, dgain);
  } else if (flags.STORES_R) {
    of.r(t, row).set(dr);
  }
  if (flags.DIAGONAL) {
    const final = of.dr(t, row);
    const operand = of.operand(t, row);
    const products = final.map((value, i) => value * (operand[i % hidden] as number));
    addTo(of.tail("ddiagonal", row, dr.length), products);
  }
}

/** Adds what a step sends back through R to the gradient of h before it. */
export function addRecurrentGradient(of: RecurrentBuffers, step: number, row: number): void {
  const { hidden, out, cell, flags } = of;
  const t = of.timeOf(step);
  const dr = of.dr(t, row);
  const dh = of.carried("dstate", 0, row);
  for (let k = 0; k < out; k++) {
    let sum = 0;
    for (let g = 0; g < cell.gates; g++) {
      if (flags.DIAGONAL) sum += of.weight(0, hidden, k, g) * (dr[g * hidden + k] as number);
      else for (let u = 0; u < hidden; u++) sum += of.weight(u, out, k, g) * (dr[g * hidden + u] as number);
    }
    dh[k] = (dh[k] as number) + (flags.DROPPED ? sum * of.drop(t, row, k) : sum);
  }
}

/** Adds what the layer above in a wavefront sends down to the gradient of h after a step. */
export function addInputGradient(of: RecurrentBuffers, step: number, row: number): void {
  const { hidden, out, cell } = of;
  const above = of.neighbour(1);
  if (!above) return;
  const dx = above.gates(of.timeOf(step), row);
  const dh = of.carried("dstate", 0, row);
  for (let k = 0; k < out; k++) {
    for (let g = 0; g < cell.gates; g++) {
      for (let u = 0; u < hidden; u++) {
        dh[k] = (dh[k] as number) + above.inputWeight(u, out, k, g) * (dx[g * hidden + u] as number);
      }
    }
  }
}

function totalDh(of: RecurrentBuffers, t: number, row: number, unit: number): number {
  const dh = of.dh(t, row);
  const cotangent = of.neighbour(1) ? 0 : (dh[unit] as number);
  const total = (of.carried("dstate", 0, row)[unit] as number) + cotangent;
  if (of.flags.FLOW) dh[unit] = total;
  return total;
}

/** The part of a state's gradient that goes into the step, and the part that passes it by. */
function splitGradient(of: RecurrentBuffers, s: number, t: number, row: number, unit: number, total: number) {
  const share = of.flags.KEEPS ? of.share(s, t, row, unit) : 1;
  return [total * share, total * (1 - share)] as const;
}

function gradientsAfter(of: RecurrentBuffers, t: number, row: number, unit: number, dmid: number) {
  const { flags, cell, hidden } = of;
  const h: readonly [number, number] = flags.RESETS
    ? [of.tail("carry", row, hidden)[unit] as number, 0]
    : flags.PROJECTS
      ? [dmid, 0]
      : splitGradient(of, 0, t, row, unit, totalDh(of, t, row, unit));
  const c = cell.states > 1 ? splitGradient(of, 1, t, row, unit, of.carried("dstate", 1, row)[unit] as number) : [0, 0];
  return [
    [h[0], c[0] as number],
    [h[1], c[1] as number],
  ] as const;
}

/** r = b_hh + R·operand of one unit as the forward pass left it, after the norm if there is one. */
function rOf(of: RecurrentBuffers, t: number, row: number, unit: number): number[] {
  const kept = gatesOfUnit(of.r(t, row), unit, of.hidden, of.cell.gates);
  if (!of.flags.LAYER_NORM) return kept;
  const [gain, shift] = [of.unitRow(2, unit), of.unitRow(0, unit)];
  return kept.map((normal, g) => normal * (gain[g] as number) + (shift[g] as number));
}

function addPeepholes(of: RecurrentBuffers, row: number, unit: number, [i, f, o]: readonly number[]): void {
  const planes = of.flags.COUPLED ? [i, o] : [i, f, o];
  const sums = of.tail("dpeepholes", row, planes.length * of.hidden);
  planes.forEach((value, p) => {
    sums[p * of.hidden + unit] = (sums[p * of.hidden + unit] as number) + (value as number);
  });
}

function addTo(target: Float64Array, values: Float64Array): void {
  values.forEach((value, i) => {
    target[i] = (target[i] as number) + value;
  });
}

/** From the gradients of normalised, scaled products to those of the products, which take the place of `normals`. */
function denormalise(
  gradients: Float64Array,
  gains: Float64Array,
  normals: Float64Array,
  deviation: number,
  dgain: Float64Array,
): void {
  addTo(
    dgain,
    gradients.map((value, i) => value * (normals[i] as number)),
  );
  const inner = gradients.map((value, i) => value * (gains[i] as number));
  const mean = inner.reduce((sum, value) => sum + value, 0) / inner.length;
  const slope = inner.reduce((sum, value, i) => sum + value * (normals[i] as number), 0) / inner.length;
  normals.set(inner.map((value, i) => deviation * (value - mean - (normals[i] as number) * slope)));
}
