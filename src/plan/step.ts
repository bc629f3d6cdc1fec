import type { Storage, Tensor } from "../tensor.ts";
import type { Variant } from "../variant.ts";

export type Workgroups = readonly [x: number, y: number, z: number];

/** One dispatch as a plain value: what a program plays, in order. */
export interface Step {
  /** Path of the layer and what is computed, such as `1.lstm.scan_forward`. */
  readonly label: string;
  readonly variant: Variant;
  /** By the names of the shader's storage bindings. */
  readonly bindings: Readonly<Record<string, Tensor>>;
  /** By the names of the fields of the shader's `Dims`. */
  readonly dims: Readonly<Record<string, number>>;
  readonly workgroups: Workgroups;
  /** How the layer is played and why, where there was a choice: the same for all its steps. */
  readonly note?: string;
  /** What was chosen between, by a key of all that decides it, and what was chosen; where timing may choose otherwise. */
  readonly choice?: readonly [key: string, chosen: string];
  /** Multiply-adds that the mathematics asks for; 0 where it is not a product. */
  readonly multiplyAdds: number;
  /** What it should take. Default 0. */
  readonly milliseconds?: number;
}

/** The storages that a step touches. */
export const storagesOf = ({ bindings }: Step): Storage[] => Object.values(bindings).map(({ storage }) => storage);
