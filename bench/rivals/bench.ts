import { openDevice } from "../../src/gpu/device.ts";
import type { CallCounter } from "../count-calls.ts";
import type { Library, Work } from "./library.ts";
import { library as ours } from "./ours.ts";
import type { Done } from "./seat.ts";
import { givenFor, type Workload } from "./workloads.ts";

/** One library at work, on a page or in a process; the program that drives it calls these. */
export interface Bench {
  /** Name of the adapter that is given here. */
  adapter(): Promise<string>;
  /**
   * @param name of a file in `libraries/`; empty for ours
   * @returns milliseconds, without those of loading the library
   */
  prepare(name: string, backend: string, workload: Workload): Promise<number>;
  run(): Promise<Done>;
}

/** Loaded when asked for: their packages may not be installed. */
const LIBRARIES = import.meta.glob<{ library: Library }>("./libraries/*.ts");
type Load = () => Promise<{ library: Library }>;

/** @param counter counts what is asked of WebGPU here */
export function createBench(counter: CallCounter): Bench {
  let work: Work;
  return {
    async adapter() {
      const gpu = await openDevice();
      gpu.dispose();
      return `${gpu.adapter.name}${gpu.adapter.software ? " (software)" : ""}`;
    },
    async prepare(name, backend, workload) {
      const library = name === "" ? ours : (await (LIBRARIES[`./libraries/${name}.ts`] as Load)()).library;
      const given = givenFor(workload);
      const begin = performance.now();
      work = await library.prepare(workload, given, backend);
      return performance.now() - begin;
    },
    async run() {
      let [milliseconds, results]: [number, number[]] = [0, []];
      const calls = await counter.during(async () => {
        const begin = performance.now();
        const given = await work();
        milliseconds = performance.now() - begin;
        results = Array.from(given);
      });
      return { milliseconds, results, calls };
    },
  };
}
