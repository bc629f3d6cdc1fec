import type { Calls } from "../count-calls.ts";
import type { Workload } from "./workloads.ts";

/** What one run of a workload gave. */
export interface Done {
  readonly milliseconds: number;
  readonly results: readonly number[];
  /** What was asked of WebGPU meanwhile; absent where there is no browser. */
  readonly calls?: Calls;
}

/** One contestant where it computes: a page, or a process. */
export interface Seat {
  /** @returns milliseconds of putting weights and data in place and of what is compiled meanwhile */
  prepare(workload: Workload): Promise<number>;
  run(): Promise<Done>;
  close(): Promise<void>;
}
