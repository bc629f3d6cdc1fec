import { openDevice } from "../../src/gpu/device.ts";
import { BUDGET } from "../budget.ts";
import { CallCounter } from "../count-calls.ts";
import { written } from "../json.ts";
import { MEASUREMENTS, type Measured, type Measurement } from "../measurements.ts";

declare global {
  interface Window {
    /** Begins to measure; what it prints goes to the console, and the end is to be seen in `outcome`. */
    measure(what: Measurement): void;
    outcome: { readonly measured: string } | { readonly error: string } | undefined;
  }
}

const counter = new CallCounter(globalThis);

async function measure(what: Measurement): Promise<Measured> {
  const gpu = await openDevice({ budget: BUDGET });
  try {
    return await MEASUREMENTS[what](gpu, counter, console.log);
  } finally {
    gpu.dispose();
  }
}

window.measure = (what) => {
  measure(what).then(
    (measured) => {
      window.outcome = { measured: written(measured) };
    },
    (error) => {
      window.outcome = { error: String((error as Error)?.message ?? error) };
    },
  );
};
