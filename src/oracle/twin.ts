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

/** The pointwise maths of a recurrent cell, for one unit of one batch row; `shaders/cell/<name>.wgsl`. */
export interface CellTwin {
  /** G, gates of a unit. */
  readonly gates: number;
  /** S, states of a unit, the output h first. */
  readonly states: number;
  /**
   * One step.
   * @param x input part of the pre-activations [G]
   * @param r recurrent part of the pre-activations [G]
   * @param previous states [S]
   */
  forward(x: readonly number[], r: readonly number[], previous: readonly number[]): CellForward;
  /**
   * One step back.
   * @param saved what the step saved [G]
   * @param previous states before the step [S]
   * @param state states after the step [S]
   * @param dstate gradients of the states after the step [S]
   * @param r recurrent part of the pre-activations [G]; only where the cell is SPLIT
   */
  backward(
    saved: readonly number[],
    previous: readonly number[],
    state: readonly number[],
    dstate: readonly number[],
    r: readonly number[],
  ): CellBackward;
}

export interface CellForward {
  readonly state: readonly number[]; // [S]
  /** What the backward pass needs. */
  readonly saved: readonly number[]; // [G]
}

export interface CellBackward {
  /** Gradients of the pre-activations; with respect to x where `dr` is given. */
  readonly dgates: readonly number[]; // [G]
  /** With respect to r, where the cell is SPLIT. */
  readonly dr?: readonly number[]; // [G]
  /** Gradients of the states before the step, without what passes through r. */
  readonly dprevious: readonly number[]; // [S]
}
