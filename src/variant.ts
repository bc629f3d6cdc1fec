/** The WGSL text of one entry point; `shaders/<name>.wgsl`. */
export interface Kernel {
  readonly name: string;
  readonly source: string;
  /** What few import of `shared/`, by the name there: programs without these kernels go without it. */
  readonly parts?: Readonly<Record<string, string>>;
}

/** The pointwise maths of one recurrent cell; `shaders/cell/<name>.wgsl`, put in place of `#import cell`. */
export interface CellShader {
  readonly name: string;
  readonly source: string;
}

/** What chooses the shader: everything here is part of the pipeline, nothing here changes between runs. */
export interface Variant {
  readonly kernel: Kernel;
  readonly flags?: Readonly<Record<string, boolean>>;
  readonly constants?: Readonly<Record<string, number>>;
  readonly cell?: CellShader;
}

/** One name for one pipeline: equal keys compile to equal code. */
export function variantKey({ kernel, flags = {}, constants = {}, cell }: Variant): string {
  const on = Object.keys(flags).filter((name) => flags[name]);
  const numbers = Object.entries(constants).map(([name, value]) => `${name}=${value}`);
  return [cell ? `${kernel.name}<${cell.name}>` : kernel.name, ...on.sort(), ...numbers.sort()].join(" ");
}

/** What a plan is made for. */
export interface Target {
  /** Bytes of workgroup memory. */
  readonly storage: number;
  /** Invocations of a workgroup. */
  readonly invocations: number;
  /** Whether the adapter computes on the CPU, where barriers are dear and all memory is equally near. */
  readonly software: boolean;
  /** Whether subgroups are there and have four invocations, as on SwiftShader. Default: false. */
  readonly quads?: boolean;
  /** Whether it is llvmpipe, Mesa's adapter on the CPU, where kernels with barriers are slow. Default: false. */
  readonly llvmpipe?: boolean;
  /** Whether recurrent kernels read their weights as float16. Default: false. */
  readonly half?: boolean;
  /** Cores of a CPU that computes. Default: as many as there are quads of batch rows; costs are those of two. */
  readonly cores?: number | undefined;
  /** Milliseconds that a submit should take at most. Default: no bound. */
  readonly budget?: number;
  /** What timing, or the checkpoint that is gone on from, has settled; see `Plan.choices`. Default: nothing. */
  readonly choices?: Pick<ReadonlyMap<string, string>, "get">;
}

/** Whether each of four invocations loads one of four rows for all: worth it where loads are dear, as on the CPU. */
export const quadsOf = ({ software, quads = false }: Pick<Target, "software" | "quads">): boolean => software && quads;
