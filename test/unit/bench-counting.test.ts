import { expect, test } from "vitest";
import { CallCounter } from "../../bench/count-calls.ts";

/** WebGPU's classes as far as they are counted, doing nothing. */
function fakeWebgpu() {
  class GPUBuffer {
    constructor(readonly size: number) {}
    destroy(): void {}
    async mapAsync(): Promise<void> {}
  }
  class GPUDevice {
    createBuffer({ size }: { size: number }): GPUBuffer {
      return new GPUBuffer(size);
    }
    createBindGroup(): void {}
    createComputePipeline(): void {}
    createComputePipelineAsync(): void {}
  }
  class GPUQueue {
    submit(_: readonly unknown[]): void {}
    writeBuffer(..._: unknown[]): void {}
  }
  class GPUComputePassEncoder {
    dispatchWorkgroups(): void {}
    dispatchWorkgroupsIndirect(): void {}
  }
  return { GPUBuffer, GPUDevice, GPUQueue, GPUComputePassEncoder };
}

test("calls are counted only while something runs, whichever object they are made on", async () => {
  const classes = fakeWebgpu();
  const counter = new CallCounter(classes);
  const [device, queue, pass] = [new classes.GPUDevice(), new classes.GPUQueue(), new classes.GPUComputePassEncoder()];
  queue.submit([{}]);
  const calls = await counter.during(async () => {
    pass.dispatchWorkgroups();
    new classes.GPUComputePassEncoder().dispatchWorkgroups();
    queue.submit([{}]);
    queue.submit([]); // carries no work
    device.createBindGroup();
    await device.createBuffer({ size: 8 }).mapAsync();
  });
  queue.submit([{}]);
  expect(calls).toEqual({
    dispatches: 2,
    submits: 1,
    buffers: 1,
    bindGroups: 1,
    pipelines: 0,
    bytesWritten: 0,
    readBacks: 1,
  });
});

test("bytes written are those of the data, its start and size counted in its own elements", async () => {
  const classes = fakeWebgpu();
  const counter = new CallCounter(classes);
  const queue = new classes.GPUQueue();
  const bytes = async (...data: unknown[]) =>
    (await counter.during(async () => queue.writeBuffer({}, 0, ...data))).bytesWritten;
  expect(await bytes(new Float32Array(10))).toBe(40);
  expect(await bytes(new Float32Array(10), 4)).toBe(24);
  expect(await bytes(new Float32Array(10), 4, 3)).toBe(12);
  expect(await bytes(new ArrayBuffer(10), 4, 3)).toBe(3);
});

test("a buffer lives until it is destroyed for the first time", () => {
  const classes = fakeWebgpu();
  const counter = new CallCounter(classes);
  const device = new classes.GPUDevice();
  const [first] = [device.createBuffer({ size: 100 }), device.createBuffer({ size: 28 })];
  expect(counter.live).toEqual({ count: 2, bytes: 128 });
  first.destroy();
  first.destroy();
  expect(counter.live).toEqual({ count: 1, bytes: 28 });
});

test("a method that is not there is not silently left uncounted", () => {
  const { GPUQueue: _, ...rest } = fakeWebgpu();
  expect(() => new CallCounter(rest)).toThrow("there is no submit");
});
