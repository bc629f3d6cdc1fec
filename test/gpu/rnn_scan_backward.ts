import type { Gpu } from "../../src/gpu/device.ts";
import { rnnScanBackward as kernel } from "../../src/kernels.ts";
import type { GpuCase } from "./case.ts";
import { compare, type Dispatch, playDispatch } from "./check.ts";
import { hardwareScans } from "./hardware-recordings.ts";
import { checkRecurrent, chunkOf, type Recording, recordedScan } from "./recorded-dispatch.ts";
import { longRecordings, recordings } from "./recordings.ts";

/** Steps of the first chunk. */
const CUT = 5;

const scanOf = (gpu: Gpu, recording: Recording): Dispatch => recordedScan(gpu, recording, kernel);

export const cases: GpuCase[] = [
  ...[...recordings, ...hardwareScans].map((recording) => ({
    name: recording.name,
    run: (gpu: Gpu) => checkRecurrent(gpu, scanOf(gpu, recording)),
  })),
  ...longRecordings.map((long) => ({
    name: `${long.name}: states of ±1e4 and saturated gates give finite and right gradients`,
    run: (gpu: Gpu) => {
      const scan = scanOf(gpu, long);
      const gates = scan.buffers.gates?.map(Math.round) as Float32Array;
      const states = scan.buffers.states?.map((value) => Math.sign(value) * 1e4) as Float32Array;
      return checkRecurrent(gpu, { ...scan, buffers: { ...scan.buffers, gates, states } });
    },
  })),
  ...longRecordings.map((long) => ({
    name: `${long.name}: chunks of time, last first, give the bits of the whole`,
    run: async (gpu: Gpu) => {
      const scan = scanOf(gpu, long);
      const whole = await playDispatch(gpu, scan);
      const last = await playDispatch(gpu, chunkOf(scan, CUT, long.time));
      const both = await playDispatch(gpu, { ...chunkOf(scan, 0, CUT), buffers: { ...scan.buffers, ...last } });
      for (const [name, data] of Object.entries(whole)) compare(name, both[name] as Float32Array, data, 0);
    },
  })),
];
