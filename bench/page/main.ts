import { openDevice } from "../../src/gpu/device.ts";
import { BUDGET } from "../budget.ts";
import { CallCounter } from "../count-calls.ts";
import { written } from "../json.ts";
import type { Listener } from "../listener.ts";
import { MEASUREMENTS, type Measured, type Measurement } from "../measurements.ts";

declare global {
  interface Window {
    /** Begins to measure; what it prints goes to the console as a log, its progress as an info. */
    measure(what: Measurement, small: boolean): void;
    /** What is new since the last look: all that was measured so far, the end. */
    look(): Look;
  }
}

export interface Look {
  readonly sofar?: string;
  readonly outcome?: { readonly measured: string } | { readonly error: string };
}

let seen: Look = {};

const listener: Listener<Measured> = {
  print: (text) => console.log(text),
  progress: (text) => console.info(text),
  sofar: (result) => {
    seen = { sofar: written(result) };
  },
};

const counter = new CallCounter(globalThis);

async function measure(what: Measurement, small: boolean): Promise<Measured> {
  const gpu = await openDevice({ budget: BUDGET });
  try {
    return await MEASUREMENTS[what](gpu, counter, listener, small);
  } finally {
    gpu.dispose();
  }
}

window.measure = (what, small) => {
  measure(what, small).then(
    (measured) => {
      seen = { outcome: { measured: written(measured) } };
    },
    (error) => {
      seen = { ...seen, outcome: { error: String((error as Error)?.message ?? error) } };
    },
  );
};

window.look = () => {
  const news = seen;
  seen = {};
  return news;
};
