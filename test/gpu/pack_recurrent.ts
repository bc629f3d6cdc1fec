import { packRecurrent as kernel } from "../../src/kernels.ts";
import { gatePitch } from "../../src/ops/cells.ts";
import { packRecurrent as twin } from "../../src/oracle/pack_recurrent.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";

/** Every element another number, so that none can stand in another's place. */
const distinct = (length: number, first: number): Float32Array => Float32Array.from({ length }, (_, i) => first + i);

interface Pack {
  name: string;
  gates: number; // G
  units: number; // U
  operands: number; // K
  /** What the layer has besides weights. */
  flags: Readonly<Record<string, boolean>>;
  peepholes?: number;
  /** Rows of gates in front of those that are packed: a second stage that resets takes the last gate's. */
  before?: number;
}

const packs: readonly Pack[] = [
  { name: "one element, weights alone", gates: 1, units: 1, operands: 1, flags: {} },
  { name: "a diagonal", gates: 1, units: 70, operands: 1, flags: { BACKWARD: true, SHIFT: true } },
  { name: "units to fewer operands", gates: 2, units: 17, operands: 5, flags: { BACKWARD: true, SHIFT: true } },
  { name: "the last gate alone", gates: 1, units: 5, operands: 17, flags: { SHIFT: true, GAIN: true }, before: 2 },
  { name: "three gates in places of four", gates: 3, units: 16, operands: 16, flags: { BACKWARD: true, GAIN: true } },
  {
    name: "peepholes of i and o",
    gates: 3,
    units: 5,
    operands: 5,
    flags: { BACKWARD: true, SHIFT: true, PEEPHOLES: true },
    peepholes: 2,
  },
  {
    name: "peepholes of i, f and o",
    gates: 4,
    units: 5,
    operands: 3,
    flags: { BACKWARD: true, SHIFT: true, GAIN: true, PEEPHOLES: true },
    peepholes: 3,
  },
];

export const cases: GpuCase[] = packs.map(
  ({ name, gates, units, operands, flags, peepholes = 0, before = 0 }): GpuCase => ({
    name: `${name}: G ${gates}, U ${units}, K ${operands}`,
    run: async (gpu) => {
      const pitch = gatePitch(gates);
      const rows = (before + gates) * units;
      const packed = (operands + 3) * units * pitch;
      await checkDispatch(gpu, {
        variant: {
          kernel,
          flags,
          constants: { GATES: gates, PITCH: pitch, ...(peepholes && { PEEPHOLES: peepholes }) },
        },
        twin,
        dims: { units, operands, weight_offset: before * units * operands, unit_offset: before * units },
        buffers: {
          weight: distinct(rows * operands, 1),
          ...(flags.SHIFT ? { shift: distinct(rows, -rows) } : {}),
          ...(flags.GAIN ? { gain: distinct(rows, -3 * rows) } : {}),
          ...(flags.PEEPHOLES ? { peepholes: distinct(peepholes * units, 1e6) } : {}),
          forward: new Float32Array(packed),
          ...(flags.BACKWARD ? { backward: new Float32Array(packed) } : {}),
        },
        workgroups: [2, 1, 1],
        tolerance: { forward: 0, backward: 0 },
      });
    },
  }),
);
