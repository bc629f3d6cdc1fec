import { packRecurrent } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { alignUp, type Tensor } from "../tensor.ts";
import { gatePitch } from "./cells.ts";
import { elementwise } from "./elementwise.ts";
import { together } from "./parts.ts";
import type { RecurrenceVariant } from "./recurrence-variant.ts";
import { viewOf } from "./recurrent-layout.ts";

/** The parameters of one direction of a recurrent layer; what it does not have is left out. */
export interface RecurrentWeights {
  readonly weightIh: Tensor; // [G·H, I], with the gate of a second stage that resets
  readonly weightHh: Tensor; // [G·H, OUT], likewise; [G·H] if R is a diagonal
  readonly biasIh?: Tensor | undefined; // [G·H]
  readonly biasHh?: Tensor | undefined; // [G·H]
  readonly gainIh?: Tensor | undefined; // [G·H], of layer normalisation
  readonly gainHh?: Tensor | undefined; // [G·H]
  readonly peepholes?: Tensor | undefined; // [3·H], or [2·H] if the cell couples
  /** Of a second stage that projects. */
  readonly weightOut?: Tensor | undefined; // [OUT, H]
  readonly biasOut?: Tensor | undefined; // [OUT]
}

/** The weights of the products as the machines read them, by part. */
export interface PackedWeights {
  readonly forward: Tensor;
  readonly backward: Tensor;
  /** From one part to the next, in weights of a unit with all its gates. */
  readonly part: number;
}

/** Rows of per-unit parameters behind the weights; see `shaders/shared/unit_rows.wgsl`. */
const UNIT_ROWS = 3;

/**
 * Lays the weights of the first product out for the machines; the backward copy in training only. In a wavefront W and b_ih
 * of the layers above the lowest follow, as if they were R and b_hh.
 */
export function packFirst(
  recorder: Recorder,
  { cell, half, hidden, out, layerNorm, layers }: RecurrenceVariant,
  parts: readonly RecurrentWeights[],
): PackedWeights {
  const inputs = layers === 1 ? [] : parts.slice(1).map(({ weightIh, biasIh }) => asRecurrent(weightIh, biasIh));
  const shape = {
    gates: cell.gates,
    units: hidden,
    operands: cell.diagonal ? 1 : out,
    peepholes: cell.peepholes,
    half,
  };
  return pack(recorder, "packed", shape, [...parts, ...inputs], ({ weightHh, biasHh, gainHh, peepholes }) => ({
    tensors: { weight: weightHh, shift: biasHh, gain: layerNorm ? gainHh : undefined, peepholes },
    dims: { weight_offset: 0, unit_offset: 0 },
  }));
}

const asRecurrent = (weightIh: Tensor, biasIh: Tensor | undefined): RecurrentWeights => ({
  weightIh,
  weightHh: weightIh,
  biasHh: biasIh,
});

/** Lays the weights of the second product out: the last gate's of R, or those of the projection. */
export function packSecond(
  recorder: Recorder,
  { cell, half, hidden, out, secondNorm }: RecurrenceVariant,
  parts: readonly RecurrentWeights[],
): PackedWeights {
  const shape = { gates: 1, units: out, operands: hidden, peepholes: undefined, half };
  const first = cell.gates * hidden;
  return pack(recorder, "packed_second", shape, parts, ({ weightHh, biasHh, gainHh, weightOut, biasOut }) =>
    cell.second === "resets"
      ? {
          tensors: { weight: weightHh, shift: biasHh, gain: secondNorm ? gainHh : undefined },
          dims: { weight_offset: first * out, unit_offset: first },
        }
      : { tensors: { weight: weightOut as Tensor, shift: biasOut }, dims: { weight_offset: 0, unit_offset: 0 } },
  );
}

interface PackShape {
  readonly gates: number;
  readonly units: number;
  readonly operands: number;
  readonly peepholes: number | undefined;
  /** Weights are float16; see `shaders/shared/weights.wgsl`. */
  readonly half: boolean;
}

interface PackSource {
  readonly tensors: {
    weight: Tensor;
    shift?: Tensor | undefined;
    gain?: Tensor | undefined;
    peepholes?: Tensor | undefined;
  };
  readonly dims: { weight_offset: number; unit_offset: number };
}

function pack(
  recorder: Recorder,
  name: string,
  { gates, units, operands, peepholes, half }: PackShape,
  parts: readonly RecurrentWeights[],
  sourceOf: (weights: RecurrentWeights) => PackSource,
): PackedWeights {
  const pitch = gatePitch(gates);
  const weights = operands * units;
  const elements = ((half ? Math.ceil(weights / 2) : weights) + UNIT_ROWS * units) * pitch;
  const part = alignUp(elements);
  const shape = [parts.length, part];
  const forward = recorder.scratch(`${name}_forward`, shape, half ? "u32" : "f32");
  const backward = recorder.scratch(`${name}_backward`, shape, half ? "u32" : "f32");
  const sources = parts.map((own, place) => {
    const { tensors, dims } = sourceOf(own);
    const view = (of: Tensor): Tensor => viewOf(of, String(place), place * part, [elements]);
    const packed = { forward: view(forward), ...(recorder.training ? { backward: view(backward) } : {}) };
    const bound = Object.fromEntries(Object.entries(tensors).filter(([, tensor]) => tensor)) as Record<string, Tensor>;
    return { bindings: { ...bound, ...packed }, dims };
  });
  for (const { parts: all, bindings, distances } of together(sources)) {
    recorder.dispatch({
      label: name,
      variant: {
        kernel: packRecurrent,
        flags: {
          HALF: half,
          BACKWARD: recorder.training,
          SHIFT: bindings.shift !== undefined,
          GAIN: bindings.gain !== undefined,
          PEEPHOLES: bindings.peepholes !== undefined,
        },
        constants: { GATES: gates, PITCH: pitch, ...(peepholes ? { PEEPHOLES: peepholes } : {}) },
      },
      bindings,
      dims: {
        units,
        operands,
        ...all[0].dims,
        source_part: distances.weight_part as number, // as far as that of any other parameter
        packed_part: part,
      },
      workgroups: [elementwise(weights)[0], 1, all.length],
    });
  }
  return { forward, backward, part: ((half ? 2 : 1) * part) / pitch };
}
