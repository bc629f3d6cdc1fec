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
  /** Layers or directions that share the dispatch. */
  parts?: number;
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
  {
    name: "three layers",
    gates: 3,
    units: 5,
    operands: 3,
    flags: { BACKWARD: true, SHIFT: true, GAIN: true, PEEPHOLES: true },
    peepholes: 2,
    parts: 3,
  },
];

/**
 * What float16 makes others of: ties to even, up and down, and just beside; denormals, the smallest that does not vanish
 * and the largest that does; the border of the denormals; the largest, what rounds to it, and far beyond.
 */
const rounded = [
  1 + 2 ** -11,
  1 + 3 * 2 ** -11,
  1 + 2 ** -11 + 2 ** -23,
  1 + 2 ** -11 - 2 ** -23,
  2 ** -14 - 2 ** -25,
  2 ** -14,
  3 * 2 ** -25,
  2 ** -25,
  2 ** -25 + 2 ** -48,
  2 ** -26,
  2 ** -149,
  0,
  65504,
  65519,
  65520,
  3e38,
  2047.5,
  0.1,
];

function packCase(
  { name, gates, units, operands, flags, peepholes = 0, before = 0, parts = 1 }: Pack,
  half: boolean,
): GpuCase {
  return {
    name: `${name}${half ? ", in float16" : ""}: G ${gates}, U ${units}, K ${operands}`,
    run: async (gpu) => {
      const pitch = gatePitch(gates);
      const rows = (before + gates) * units;
      const count = operands * units;
      const packed = ((half ? Math.ceil(count / 2) : count) + 3 * units) * pitch;
      const between = 7; // elements from the end of a part to the next
      const source = rows * operands + between;
      const behind = (parts - 1) * source;
      const copied = parts * (packed + between);
      const numbers = distinct(behind + rows * operands, 1);
      const weight = half
        ? numbers.map((value, i) => (i % 2 === 0 ? 1 : -1) * (rounded[value % 40] ?? value))
        : numbers;
      const copy = (): Float32Array | Uint32Array => (half ? new Uint32Array(copied) : new Float32Array(copied));
      await checkDispatch(gpu, {
        variant: {
          kernel,
          flags: { ...flags, HALF: half },
          constants: { GATES: gates, PITCH: pitch, ...(peepholes && { PEEPHOLES: peepholes }) },
        },
        twin,
        dims: {
          units,
          operands,
          weight_offset: before * units * operands,
          unit_offset: before * units,
          source_part: source,
          packed_part: packed + between,
        },
        buffers: {
          weight,
          ...(flags.SHIFT ? { shift: distinct(behind + rows, -behind - rows) } : {}),
          ...(flags.GAIN ? { gain: distinct(behind + rows, -3 * (behind + rows)) } : {}),
          ...(flags.PEEPHOLES ? { peepholes: distinct(behind + peepholes * units, 1e6) } : {}),
          forward: copy(),
          ...(flags.BACKWARD ? { backward: copy() } : {}),
        },
        workgroups: [2, 1, parts],
        tolerance: { forward: 0, backward: 0 },
      });
    },
  };
}

export const cases: GpuCase[] = [false, true].flatMap((half) => packs.map((pack) => packCase(pack, half)));
