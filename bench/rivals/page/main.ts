import { CallCounter } from "../../count-calls.ts";
import { type Bench, createBench } from "../bench.ts";

declare global {
  interface Window {
    bench: Bench;
  }
}

window.bench = createBench(new CallCounter(globalThis));
