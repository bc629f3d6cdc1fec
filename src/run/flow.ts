import type { Layout } from "../batch/host-layout.ts";
import { whole } from "../check.ts";
import type { Elements } from "../gpu/memory.ts";
import { type HostTensor, sizeOf, type Tensor } from "../tensor.ts";
import type { Gradients } from "./gradients.ts";
import type { Network, RecordedGradients } from "./network.ts";

/** One number of the outputs. */
export interface FlowOutput {
  /** 0 to T − 1. */
  readonly step: number;
  /** 0 to O − 1. */
  readonly unit: number;
  /** 0 to B − 1. Default 0. */
  readonly row?: number;
}

export interface Flow {
  /** ∂output/∂x_t [T, I] of the row; undefined where the inputs are ids. */
  readonly inputs: HostTensor | undefined;
  /** ‖∂output/∂h_t‖ [T] of the row, by the names of the taps `h_…`, or `y_…` of a Jordan network. */
  readonly states: ReadonlyMap<string, Float32Array>;
}

/** The cotangents of which one is 1. */
export function oneHot({ recorded }: Network, { step, unit, row = 0 }: FlowOutput): readonly [Tensor, Elements] {
  const [time, batch, width] = recorded.output.shape as [number, number, number];
  whole("gradientFlow: step", step, 0, time - 1);
  whole("gradientFlow: row", row, 0, batch - 1);
  whole("gradientFlow: unit", unit, 0, width - 1);
  const elements = new Float32Array(sizeOf(recorded.output.shape));
  elements[(step * batch + row) * width + unit] = 1;
  return [(recorded.back as RecordedGradients).output, elements];
}

/** What belongs to one row. */
export function flowFrom({ inputs, flow }: Gradients, row: number, layout: Layout): Flow {
  return {
    inputs: inputs && rowOf(inputs, row, layout),
    states: new Map([...flow].map(([name, norms]) => [name, rowOf(norms, row, layout).data])),
  };
}

/** [T, ...] of one row of [B, T, ...] or [T, B, ...]. */
function rowOf({ shape, data }: HostTensor, row: number, layout: Layout): HostTensor {
  const batchFirst = layout === "batch-first";
  const [batch, time] = (batchFirst ? shape : [shape[1], shape[0]]) as [number, number];
  const width = sizeOf(shape.slice(2));
  const at = (t: number): number => (batchFirst ? row * time + t : t * batch + row) * width;
  const taken = Float32Array.from(
    { length: time * width },
    (_, i) => data[at(Math.floor(i / width)) + (i % width)] as number,
  );
  return { shape: [time, ...shape.slice(2)], data: taken };
}
