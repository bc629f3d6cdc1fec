import { columns } from "../columns.ts";
import { Meter } from "../gpu/meter.ts";
import { bytesOf, type Storage, shapeText, sizeOf } from "../tensor.ts";
import { variantKey } from "../variant.ts";
import { shareScratch } from "./lifetimes.ts";
import type { Step } from "./step.ts";

interface PlanParts {
  readonly preparation?: readonly Step[];
  /** How many of the steps come before the way back. Default all. */
  readonly forward?: number;
  /** How many come before the update: the way back included. Default all. */
  readonly back?: number;
  readonly zeros?: readonly Storage[];
  /** Scratch that is read when the plan has played. */
  readonly kept?: ReadonlySet<Storage>;
  /** Plans whose buffers this one uses as far as they do. */
  readonly beside?: readonly Plan[];
  /** Milliseconds that a submit should take at most. Default: no bound. */
  readonly budget?: number | undefined;
}

/** Frozen steps and the buffers they need: plain values that print themselves. */
export class Plan {
  readonly name: string;
  /** Preparation first, then what may be repeated. */
  readonly steps: readonly Step[];
  /** How many of the first steps depend on the parameters alone. */
  readonly preparation: number;
  /** How many of the first steps come before the way back: preparation and forward steps. */
  readonly forward: number;
  /** How many come before the update. */
  readonly back: number;
  /** Set to zero whenever the plan begins. */
  readonly zeros: readonly Storage[];
  /** The storage whose buffer holds each storage that the steps touch. */
  readonly placement: ReadonlyMap<Storage, Storage>;
  readonly #budget: number;

  constructor(name: string, steps: readonly Step[], parts: PlanParts = {}) {
    const { preparation = [], forward = steps.length, back = steps.length, zeros = [], kept, beside = [] } = parts;
    this.#budget = parts.budget ?? Number.POSITIVE_INFINITY;
    this.name = name;
    this.steps = Object.freeze([...preparation, ...steps]);
    this.preparation = preparation.length;
    this.forward = preparation.length + forward;
    this.back = preparation.length + back;
    this.zeros = Object.freeze([...zeros]);
    this.placement = shareScratch(this.steps, {
      beside: beside.flatMap(({ placement }) => [...placement.values()]),
      kept,
    });
  }

  get multiplyAdds(): number {
    return this.steps.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0);
  }

  /** What decides the bits of its results: of plans that differ only in where time and submits are cut it is the same. */
  get identity(): string {
    const parts = this.steps.map(({ label, variant, workgroups, bindings }) =>
      [label, variantKey(variant), workgroups.join("×"), tensorsText(bindings)].join(" "),
    );
    return [...new Set(parts)].join("\n");
  }

  /** What was chosen where timing may choose otherwise, by a key of all that decides it. */
  get choices(): ReadonlyMap<string, string> {
    return new Map(this.steps.flatMap(({ choice }) => (choice ? [choice] : [])));
  }

  /** Milliseconds that the plan should take, by the costs of its kind of adapter. */
  get milliseconds(): number {
    return this.steps.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0);
  }

  /** Submits that the plan is cut into where it takes as long as it should. */
  get submits(): number {
    const meter = new Meter(this.#budget);
    return 1 + this.steps.filter(({ milliseconds = 0 }) => meter.endsBefore(milliseconds)).length;
  }

  /** Device memory that the plan takes, shared slabs included. */
  get bytes(): number {
    return [...new Set(this.placement.values())].reduce((sum, storage) => sum + bytesOf(storage), 0);
  }

  /** @param milliseconds GPU time of each step as a profile measured it */
  toString(milliseconds?: readonly (number | undefined)[]): string {
    const head = ["", "step", "kernel", "workgroups", "bytes", "multiply-adds", "tensors"];
    const rows = this.steps.map((step, i) => [String(i), ...describe(step)]);
    const timed = [head, ...rows].map(([place = "", ...cells], i) => [place, time(milliseconds, i - 1), ...cells]);
    const total =
      `${this.name}: ${this.steps.length} dispatches in ${this.submits} submit${this.submits > 1 ? "s" : ""}, ` +
      `${Number(this.milliseconds.toPrecision(2))} ms expected, ` +
      `${count(this.multiplyAdds)} multiply-adds, ${count(this.bytes)} bytes on the device`;
    const notes = new Set(this.steps.flatMap(({ label, note }) => (note ? [`${layerOf(label)}: ${note}`] : [])));
    return [total, ...columns(milliseconds ? timed : [head, ...rows]), ...notes].join("\n");
  }
}

const layerOf = (label: string): string => label.slice(0, Math.max(0, label.lastIndexOf(".")));

function describe(step: Step): string[] {
  const { label, variant, workgroups, multiplyAdds, bindings } = step;
  const bytes = Object.values(bindings).reduce((sum, { shape }) => sum + sizeOf(shape) * 4, 0);
  return [label, variantKey(variant), workgroups.join("×"), count(bytes), count(multiplyAdds), tensorsText(bindings)];
}

const tensorsText = (bindings: Step["bindings"]): string =>
  Object.entries(bindings)
    .map(([name, { shape }]) => `${name}${shapeText(shape)}`)
    .join(" ");

/** The cell of a row in the column of times; row -1 is the head. */
function time(milliseconds: readonly (number | undefined)[] = [], row: number): string {
  return row < 0 ? "GPU time" : milliseconds[row] === undefined ? "" : `${milliseconds[row].toFixed(3)} ms`;
}

const count = (value: number): string => value.toLocaleString("en-US");
