import { gatesOfUnit, putGates, type RecurrentBuffers } from "./recurrent-buffers.ts";

/** Added to a variance, as in `shaders/shared/normalise.wgsl`. */
const VARIANCE_FLOOR = 1e-5;

/** Initial states into the states before the first step, and what recurrent dropout leaves of h. */
export function begin(of: RecurrentBuffers): void {
  const t = of.timeOf(0);
  for (let row = 0; row < of.batch; row++) {
    for (let s = 0; s < of.cell.states; s++) of.state(s, "before", t, row).set(of.carried("state", s, row));
    dropOperand(of, 0, row);
  }
}

/** R·operand of one row, gate g of unit u at g·H + u; without the shift b_hh if it is normalised later. */
export function recurrentProducts(of: RecurrentBuffers, t: number, row: number): Float64Array {
  const { hidden, out, flags, cell } = of;
  const operand = of.operand(t, row);
  const sums = new Float64Array(cell.gates * hidden);
  for (let unit = 0; unit < hidden; unit++) {
    for (let g = 0; g < cell.gates; g++) {
      let sum = flags.LAYER_NORM ? 0 : (of.unitRow(0, unit)[g] as number);
      if (flags.DIAGONAL) sum += of.weight(0, hidden, unit, g) * (operand[unit] as number);
      else for (let k = 0; k < out; k++) sum += of.weight(k, hidden, unit, g) * (operand[k] as number);
      sums[g * hidden + unit] = sum;
    }
  }
  return sums;
}

/** x = W·h + b_ih of a layer of a wavefront that has one below. */
export function takeInputs(of: RecurrentBuffers, t: number, row: number): void {
  const { hidden, out, cell } = of;
  const input = of.neighbour(-1)?.state(0, "after", t, row);
  if (!input) return;
  const x = of.gates(t, row);
  for (let unit = 0; unit < hidden; unit++) {
    for (let g = 0; g < cell.gates; g++) {
      let sum = of.inputShift(unit, g);
      for (let k = 0; k < out; k++) sum += of.inputWeight(k, hidden, unit, g) * (input[k] as number);
      x[g * hidden + unit] = sum;
    }
  }
}

export function secondProducts(of: RecurrentBuffers, t: number, row: number): Float64Array {
  const { hidden, out, flags } = of;
  const mid = of.mid(t, row);
  return Float64Array.from({ length: out }, (_, unit) => {
    let sum = flags.SECOND_NORM ? 0 : of.secondUnitRow(0, unit);
    for (let k = 0; k < hidden; k++) sum += of.secondWeight(k, out, unit) * (mid[k] as number);
    return sum;
  });
}

/** The first stage of a row from its products on. */
export function advance(of: RecurrentBuffers, step: number, row: number, products: Float64Array): void {
  const { hidden, cell, flags, direction } = of;
  const t = of.timeOf(step);
  const shifted = (normal: number, unit: number, g: number): number =>
    normal * (of.unitRow(2, unit)[g] as number) + (of.unitRow(0, unit)[g] as number);
  const r = flags.LAYER_NORM ? normalise(products, of.r(t, row), of.deviation(0, t, row), hidden, shifted) : products;
  if (flags.STORES_R) of.r(t, row).set(r);
  for (let unit = 0; unit < hidden; unit++) {
    const gates = of.gates(t, row);
    const previous = previousOf(of, t, row, unit);
    const x = gatesOfUnit(gates, unit, hidden, cell.gates);
    const rs = gatesOfUnit(r, unit, hidden, cell.gates);
    const next = cell.forward({ x, r: rs, previous, peepholes: of.peepholes(unit) }, direction);
    putGates(gates, unit, hidden, next.saved);
    if (cell.states > 1) store(of, 1, step, row, unit, next.state[1] as number);
    if (flags.TWO_STAGES) of.mid(t, row)[unit] = flags.RESETS ? (next.mid as number) : (next.state[0] as number);
    else store(of, 0, step, row, unit, next.state[0] as number);
  }
  if (!flags.TWO_STAGES) dropOperand(of, step + 1, row);
}

/** The second stage of a row from its products on. */
export function finish(of: RecurrentBuffers, step: number, row: number, products: Float64Array): void {
  const { hidden, out, cell, flags, direction } = of;
  const t = of.timeOf(step);
  const shifted = (normal: number, unit: number): number =>
    normal * of.secondUnitRow(2, unit) + of.secondUnitRow(0, unit);
  const q = flags.SECOND_NORM
    ? normalise(products, of.second(t, row), of.deviation(1, t, row), out, shifted)
    : products;
  for (let unit = 0; unit < out; unit++) {
    const gates = of.gates(t, row);
    const [x, first] = flags.RESETS
      ? [gates[cell.gates * hidden + unit] as number, gatesOfUnit(gates, unit, hidden, cell.gates)]
      : [0, []];
    const previous = flags.RESETS ? (of.state(0, "before", t, row)[unit] as number) : 0;
    const next = secondOf(of).forward({ x, r: q[unit] as number, gates: first, previous }, direction);
    if (flags.RESETS) gates[cell.gates * hidden + unit] = next.saved;
    else of.second(t, row)[unit] = next.saved;
    store(of, 0, step, row, unit, next.h);
  }
  dropOperand(of, step + 1, row);
}

export function secondOf({ cell }: RecurrentBuffers) {
  if (!cell.second) throw new Error("internal: a second stage needs a cell that has one");
  return cell.second;
}

/** States before a step as the cell sees them; h has other units where a second stage projects. */
export function previousOf(of: RecurrentBuffers, t: number, row: number, unit: number): number[] {
  return Array.from({ length: of.cell.states }, (_, s) =>
    s === 0 && of.flags.PROJECTS ? 0 : (of.state(s, "before", t, row)[unit] as number),
  );
}

/** A new state: into the row after the step, as far as the step takes it, and after the last step into `state`. */
function store(of: RecurrentBuffers, s: number, step: number, row: number, unit: number, value: number): void {
  const t = of.timeOf(step);
  const share = of.flags.KEEPS ? of.share(s, t, row, unit) : 1;
  const mixed = share * value + (1 - share) * (of.state(s, "before", t, row)[unit] as number);
  of.state(s, "after", t, row)[unit] = mixed;
  if (step + 1 === of.time) of.carried("state", s, row)[unit] = mixed;
}

/** What recurrent dropout leaves of h before a step. */
function dropOperand(of: RecurrentBuffers, step: number, row: number): void {
  if (!of.flags.DROPPED || step >= of.time) return;
  const t = of.timeOf(step);
  of.droppedOperand(t, row).set(of.state(0, "before", t, row).map((h, unit) => h * of.drop(t, row, unit)));
}

/** A row of products to mean 0 and variance 1, left in `normals`; returned with gain and shift. */
function normalise(
  products: Float64Array,
  normals: Float64Array,
  deviation: Float64Array,
  hidden: number,
  shifted: (normal: number, unit: number, gate: number) => number,
): Float64Array {
  const mean = products.reduce((sum, value) => sum + value, 0) / products.length;
  const variance = products.reduce((sum, value) => sum + (value - mean) ** 2, 0) / products.length;
  deviation[0] = 1 / Math.sqrt(variance + VARIANCE_FLOOR);
  normals.set(products.map((value) => (value - mean) * (deviation[0] as number)));
  return normals.map((normal, i) => shifted(normal, i % hidden, Math.floor(i / hidden)));
}
