import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";

/** How a parameter starts; the random ones follow PyTorch's defaults. */
export type Initial =
  | {
      readonly kind: "uniform";
      /** Of |value|. */
      readonly bound: number;
      /** Elements `from` to `to` − 1 start at `value` instead. */
      readonly from?: number;
      readonly to?: number;
      readonly value?: number;
    }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "normal" /** Default 1. */; readonly deviation?: number } // mean 0
  /** Matrices of this shape, one below the other, each with orthonormal rows or columns. */
  | { readonly kind: "orthogonal"; readonly rows: number; readonly columns: number };

export interface Parameter {
  /** PyTorch's name within the layer, such as `weight_ih_l0`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Initial;
}

/** One state within the tensor that holds all states of a recurrent layer. */
export interface StatePart {
  /** PyTorch's letter and the parameters' suffix, such as `h_l0` or `c_l1_reverse`. */
  readonly name: string;
  readonly shape: readonly [batch: number, width: number];
  /** Its first element. */
  readonly offset: number;
}

/** Before the name of a state: the flags that tell the rows that go on from it, 1, from those that start as learned, 0. */
export const FLAG = "carried_";

/** A state [B, W] and the tensor that it lies in. */
export interface PlacedState extends StatePart {
  readonly tensor: Tensor;
}

/** What the layers of a decoder find of what an encoder has read. */
export interface Encoded {
  readonly outputs: Tensor; // [S, B, C]
  /** [S, B]: 1 where a row has a step. */
  readonly mask: Tensor | undefined;
  /** What attention finds them by, if it is there already. */
  readonly keys?: Tensor; // [S, B, H]
  /** The final output of its last recurrent layer, by direction. */
  readonly summary: readonly PlacedState[];
}

/** What a layer finds while it is recorded. */
export interface LayerContext {
  readonly recorder: Recorder;
  /** f32 [T, B]: 1 where a row takes the step, 0 where its states stay as they are; undefined where all rows take all. */
  readonly mask: Tensor | undefined;
  /** Whether the gradients of h per step are wanted: recurrent layers then leave all of dL/dh in those of their outputs. */
  readonly flow: boolean;
  /** For the layers of a decoder. */
  readonly encoded: Encoded | undefined;
  /** A parameter of this layer by its name. */
  parameter(name: string): Tensor;
  /**
   * What the layer carries from one run to the next, zero at first: initial states before a run, final ones after.
   * @param name one for each tensor
   * @param parts one after the other
   * @param layers that the parts belong to, as many to each; of several, the tensor has a row for each. Default 1
   */
  state(name: string, parts: readonly StatePart[], layers?: number): Tensor;
  /** Lets a forward tensor be read under `<layer>.<name>` between forward and backward steps. */
  tap(name: string, tensor: Tensor): void;
}

/** Plain JSON. */
export type ConfigValue =
  | number
  | string
  | boolean
  | readonly ConfigValue[]
  | { readonly [name: string]: ConfigValue | undefined };

export type LayerConfig = Readonly<Record<string, ConfigValue>>;

/** One floor of a model: a plain description that knows how to record itself. */
export interface Layer {
  readonly kind: string;
  /** All that it takes to build the layer again; goes into checkpoints. */
  readonly config: LayerConfig;
  readonly parameters: readonly Parameter[];
  /** What the layer reads: ids, or features of this width. */
  readonly input: "ids" | number;
  /** Width of the features that it gives. */
  readonly output: number;
  /** Gives one step, [1, B, O], for the whole sequence. */
  readonly pools?: boolean;
  /** Needs steps besides the present one that it carries in no state, so that no stream can feed it. */
  readonly wholeSequence?: boolean;
  /** First of the features that have run backwards in time. Default: none has. "merged": every one has run both ways. */
  readonly reversedFrom?: number | "merged";
  /**
   * Records the layer's forward steps and hands its backward steps over.
   * @param input ids [T, B], or features [T, B, I]
   * @returns features [T, B, O]
   */
  record(context: LayerContext, input: Tensor): Tensor;
}

/** A layer that takes its width, and what else it must know, from the layer below it. */
export interface Unsized {
  readonly kind: string;
  fit(below: Layer): Layer;
}
