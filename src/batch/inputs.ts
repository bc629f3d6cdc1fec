import { refuse } from "../errors.ts";
import type { Model } from "../nn/sequential.ts";
import type { HostTensor } from "../tensor.ts";
import { checkTensor, hostShape, type Layout, toDevice } from "./host-layout.ts";
import { checkIds, type Ids, vocabularyOf } from "./ids.ts";

/**
 * What a model reads. Ids: B rows of T, or all in one. Features: a tensor [B, T, I], or B rows of T · I. Time-major where
 * that is the layout.
 */
export type Inputs = Ids | HostTensor;

/** A batch in the device's order, and its size. */
export interface DeviceInputs {
  readonly batch: number; // B
  readonly time: number; // T
  readonly elements: Uint32Array | Float32Array; // [T, B] or [T, B, I]
}

/**
 * Checks inputs and puts them into the device's order.
 * @param batch B where the inputs do not tell, as ids in one row do not
 * @throws WebgpuRnnError when they have another shape, an id is unknown or a number is not finite
 */
export function deviceInputs(model: Model, inputs: Inputs, layout: Layout, batch: number): DeviceInputs {
  if (model.layers[0]?.input === "ids") return deviceIds(model, inputs as Ids, layout, batch);
  return deviceFeatures(model, inRows(inputs) ? tensorOf(model, inputs) : (inputs as HostTensor), layout);
}

const inRows = (inputs: Inputs): inputs is readonly ArrayLike<number>[] =>
  Array.isArray(inputs) && inputs.every((row) => typeof row === "object" && row !== null);

function deviceFeatures(model: Model, inputs: HostTensor, layout: Layout): DeviceInputs {
  const width = model.layers[0]?.input as number;
  const [outer, inner] = Array.isArray(inputs?.shape) ? inputs.shape : [];
  if (![outer, inner].every((size) => Number.isSafeInteger(size) && (size as number) > 0)) {
    const order = layout === "batch-first" ? "batch, time" : "time, batch";
    throw refuse({ what: "inputs", expected: `a tensor of shape [${order}, ${width}]`, got: describe(inputs) });
  }
  const [batch, time] = (layout === "batch-first" ? [outer, inner] : [inner, outer]) as [number, number];
  const shape = { batch, time, width };
  checkTensor("inputs", inputs, hostShape(shape, layout));
  return { batch, time, elements: toDevice(inputs.data, shape, layout) };
}

/** Rows of features as one tensor. */
function tensorOf({ layers }: Model, rows: readonly ArrayLike<number>[]): HostTensor {
  const width = layers[0]?.input as number;
  const length = rows[0]?.length ?? 0;
  if (length === 0 || length % width !== 0 || rows.some((row) => row?.length !== length)) {
    const got = `rows of ${rows.map((row) => row?.length).join(", ")}`;
    throw refuse({ what: "inputs", expected: `rows of equally many steps of ${width} numbers`, got });
  }
  const data = new Float32Array(rows.length * length);
  rows.forEach((row, i) => {
    data.set(row, i * length);
  });
  return { shape: [rows.length, length / width, width], data };
}

function deviceIds(model: Model, inputs: Ids, layout: Layout, announced: number): DeviceInputs {
  const { outer, inner, ids } = flatIds(inputs, layout === "batch-first" ? announced : undefined, announced);
  checkIds("inputs", ids, vocabularyOf(model));
  const [batch, time] = layout === "batch-first" ? [outer, inner] : [inner, outer];
  const elements = new Uint32Array(batch * time);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < time; t++)
      elements[t * batch + b] = ids[layout === "batch-first" ? b * time + t : t * batch + b] as number;
  }
  return { batch, time, elements };
}

/** Ids of all rows as one, and how many rows of how many there are. */
function flatIds(inputs: Ids, rows: number | undefined, batch: number) {
  const given: unknown[] = Array.from<unknown>(inputs ?? []);
  const nested = given.filter((row): row is ArrayLike<number> => typeof row === "object" && row !== null);
  const expected = "ids, in rows of equal length";
  if (nested.length > 0) {
    const inner = nested[0]?.length ?? 0;
    if (inner === 0 || nested.length !== given.length || nested.some((row) => row.length !== inner)) {
      throw refuse({ what: "inputs", expected, got: `rows of ${nested.map((row) => row.length).join(", ")}` });
    }
    return { outer: nested.length, inner, ids: nested.flatMap((row) => Array.from(row)) };
  }
  const outer = rows ?? given.length / batch;
  const inner = given.length / outer;
  if (given.length === 0 || !Number.isInteger(inner) || !Number.isInteger(outer)) {
    throw refuse({ what: "inputs", expected: `${expected}, for a batch of ${batch}`, got: `${given.length} ids` });
  }
  return { outer, inner, ids: given as number[] };
}

const describe = (value: unknown): string =>
  value !== null && typeof value === "object" && "shape" in value ? `[${String(value.shape)}]` : String(value);
