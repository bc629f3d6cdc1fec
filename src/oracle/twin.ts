/**
 * Twins: what a kernel computes, in plain loops over float64, on the same bindings by the same names. They do the
 * mathematics and leave the tiling out.
 */

/** One dispatch as its twin sees it. */
export interface Call {
  /** By the names of the bindings: f32 as float64, vec4f flattened, u32 as they are. */
  readonly buffers: Readonly<Record<string, Float64Array | Uint32Array>>;
  readonly dims: Readonly<Record<string, number>>;
  readonly flags: Readonly<Record<string, boolean>>;
  readonly constants: Readonly<Record<string, number>>;
  /** The twin of the variant's cell, where it has one. */
  readonly cell?: CellTwin;
  readonly workgroups: readonly [number, number, number];
}

/** Changes the writable buffers of the call as the kernel would. */
export type Twin = (call: Call) => void;

/**
 * The pointwise maths of a recurrent cell, for one unit of one batch row; `shaders/cell/<kind>.wgsl`. What goes in and
 * comes out is described in `shaders/shared/cell.wgsl`, under the same names.
 */
export interface CellTwin {
  /** G, gates of the first stage. */
  readonly gates: number;
  /** S, states of a unit, the output h first. */
  readonly states: number;
  forward(step: CellStep, direction: number): CellForward;
  backward(back: CellBack, direction: number): CellBackward;
  readonly second?: {
    forward(step: SecondStep, direction: number): SecondForward;
    backward(back: SecondBack, direction: number): SecondBackward;
  };
}

export interface CellStep {
  readonly x: readonly number[]; // [G]
  readonly r: readonly number[]; // [G]
  readonly previous: readonly number[]; // [S]
  readonly peepholes: readonly number[]; // [3]
}

export interface CellForward {
  readonly state: readonly number[]; // [S]
  /** What the backward pass needs. */
  readonly saved: readonly number[]; // [G]
  readonly mid?: number;
}

export interface CellBack {
  readonly saved: readonly number[]; // [G]
  readonly r: readonly number[]; // [G]; only where the cell splits
  readonly previous: readonly number[]; // [S]
  readonly dstate: readonly number[]; // [S]
  readonly dmid: number;
  readonly peepholes: readonly number[]; // [3]
}

export interface CellBackward {
  /** Gradients of the pre-activations; with respect to x where `dr` is given. */
  readonly dgates: readonly number[]; // [G]
  /** With respect to r, where the cell splits. */
  readonly dr?: readonly number[]; // [G]
  readonly dpeepholes?: readonly number[]; // [3]
  /** Gradients of the states before the step, without what passes through r. */
  readonly dprevious: readonly number[]; // [S]
}

export interface SecondStep {
  readonly x: number;
  readonly r: number;
  readonly gates: readonly number[];
  readonly previous: number;
}

export interface SecondForward {
  readonly h: number;
  readonly saved: number;
}

export interface SecondBack {
  readonly saved: number;
  readonly gates: readonly number[];
  readonly previous: number;
  readonly dh: number;
}

export interface SecondBackward {
  readonly dr: number;
  readonly carry: number;
  readonly dprevious: number;
}
