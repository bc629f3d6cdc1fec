import { loadDawn } from "./dawn.ts";

/** A rest lasts this share of the time since the last promise was made or kept, so that a wait grows by no more. */
const SHARE = 1 / 8;
/** Milliseconds that a rest may last at most, in which Node attends to nothing else. */
const LONGEST = 2;

/** The methods whose promises take as long as the GPU, or the compiler, takes. */
const METHODS = {
  GPUQueue: "onSubmittedWorkDone",
  GPUBuffer: "mapAsync",
  GPUDevice: "createComputePipelineAsync",
} as const;

type Method = (this: unknown, ...args: unknown[]) => Promise<unknown>;
type Class = { prototype: Record<string, Method> };

let installed = false;

/**
 * Has the thread rest while it waits for a software adapter. Dawn looks for what is done in every turn of Node's event
 * loop, and so keeps a core busy that the adapter computes with: on two cores a training step takes 1.7 times as long.
 */
export async function restWhileWaiting(): Promise<void> {
  if (installed) return;
  installed = true;
  const classes = (await loadDawn()).globals as Record<string, Class>;
  for (const [name, method] of Object.entries(METHODS)) {
    const { prototype } = classes[name] as Class;
    prototype[method] = resting(prototype[method] as Method);
  }
}

/** Has promises of this method counted. */
function resting(wait: Method): Method {
  return function (...args) {
    const promise = wait.apply(this, args);
    changeOpen(1);
    const close = () => changeOpen(-1);
    promise.then(close, close);
    return promise;
  };
}

const NOTHING = new Int32Array(new SharedArrayBuffer(4));

/** Promises that are open, and when their number last changed. */
let open = 0;
let changed = 0;
let turning = false;

function changeOpen(by: 1 | -1): void {
  open += by;
  changed = performance.now();
  if (turning) return;
  turning = true;
  setImmediate(turn);
}

/** In every turn of the event loop while something is open, as Dawn's looks are. */
function turn(): void {
  turning = open > 0;
  if (!turning) return;
  Atomics.wait(NOTHING, 0, 0, Math.min(SHARE * (performance.now() - changed), LONGEST));
  setImmediate(turn);
}
