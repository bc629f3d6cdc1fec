import type { Gpu } from "../../src/gpu/device.ts";
import { rnnScanForward as kernel } from "../../src/kernels.ts";
import { lstm } from "../../src/nn/lstm.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch, compare, type Dispatch, playDispatch } from "./check.ts";
import { hardwareScans } from "./hardware-recordings.ts";
import { checkRecurrent, chunkOf, type Recording, recordedScan } from "./recorded-dispatch.ts";
import { longRecordings, recordings } from "./recordings.ts";

/** Odd, so that a chunk begins in the other half of what is staged. */
const CUT = 5;

const scanOf = (gpu: Gpu, recording: Recording): Dispatch => recordedScan(gpu, recording, kernel);

/** Without weights, states and biases the saved gates of an LSTM are the activations of the inputs. */
async function checkActivations(gpu: Gpu): Promise<void> {
  const sizes = [0, 1e-40, 1e-30, 1e-3, 0.5, 0.9999, 1.0001, 4, 15.1, 30, 86, 1e4];
  const inputs = Float32Array.from(sizes.flatMap((x) => [-x, x]));
  const hidden = inputs.length;
  const scan = scanOf(gpu, { name: "lstm", layer: (given) => lstm(1, hidden, given), batch: 1, time: 1 });
  const buffers = Object.fromEntries(Object.entries(scan.buffers).map(([name, data]) => [name, data.map(() => 0)]));
  buffers.gates?.set([...inputs, ...inputs, ...inputs, ...inputs]);
  // WGSL allows exp 3 + 2|x| units in the last place and a division 2.5; a unit is at most 2^-23. Below 2^-125 lie
  // the denormals, which a device may flush, and what sigmoid gives beyond -87. The states are a few such numbers,
  // multiplied and added.
  const relative = (exponent: number, reference: number): number =>
    (16 + 4 * exponent) * 2 ** -24 * Math.abs(reference) + 2 ** -125;
  const gates = (index: number, reference: number): number =>
    relative(Math.floor(index / hidden) === 2 ? 0 : Math.abs(inputs[index % hidden] as number), reference);
  const bound = 64 * 2 ** -24;
  await checkDispatch(gpu, { ...scan, buffers, tolerance: { gates, states: bound, state: bound } });
}

export const cases: GpuCase[] = [
  ...[...recordings, ...hardwareScans].map((recording) => ({
    name: recording.name,
    run: (gpu: Gpu) => checkRecurrent(gpu, scanOf(gpu, recording)),
  })),
  ...longRecordings.map((long) => ({
    name: `${long.name}: saturated gates (pre-activations ±1e4) stay finite and right`,
    run: (gpu: Gpu) => {
      const scan = scanOf(gpu, long);
      const gates = scan.buffers.gates?.map((value) => Math.sign(value) * 1e4) as Float32Array;
      return checkRecurrent(gpu, { ...scan, buffers: { ...scan.buffers, gates } });
    },
  })),
  {
    name: "activations keep their relative accuracy near 0, across the seam at 1, and far out",
    run: checkActivations,
  },
  ...longRecordings.map((long) => ({
    name: `${long.name}: chunks of time give the bits of the whole`,
    run: async (gpu: Gpu) => {
      const scan = scanOf(gpu, long);
      const whole = await playDispatch(gpu, scan);
      const first = await playDispatch(gpu, chunkOf(scan, 0, CUT));
      const both = await playDispatch(gpu, {
        ...chunkOf(scan, CUT, long.time),
        buffers: { ...scan.buffers, ...first },
      });
      for (const [name, data] of Object.entries(whole)) compare(name, both[name] as Float32Array, data, 0);
    },
  })),
];
