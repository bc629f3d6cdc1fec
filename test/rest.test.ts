import { expect, test } from "vitest";
import { findAdapter } from "../src/node/adapter.ts";

/** A sum so long that a software adapter works on it for a tenth of a second or more. */
const WORK = `
@group(0) @binding(0) var<storage, read_write> out: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  var x = f32(id.x);
  for (var i = 0u; i < 1000000u; i++) {
    x = fma(x, 0.5, 1.0);
  }
  out[id.x] = x;
}`;

/** Rests grow by an eighth of what has been waited, to 2 ms: a second has some 600 turns. Without, it has 100,000. */
const MOST_TURNS_A_SECOND = 2000;

test("a wait for a software adapter leaves the cores to it", async () => {
  const adapter = await findAdapter("software");
  const device = await adapter.requestDevice();
  const module = device.createShaderModule({ code: WORK });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  const buffer = device.createBuffer({ size: 4 * 64, usage: 0x80 });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer } }],
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(1);
  pass.end();
  device.queue.submit([encoder.finish()]);

  const begin = performance.now();
  let done = false;
  device.queue.onSubmittedWorkDone().then(() => {
    done = true;
  });
  let turns = 0;
  for (; !done; turns++) await new Promise(setImmediate);
  const seconds = (performance.now() - begin) / 1000;
  device.destroy();
  expect(seconds).toBeGreaterThan(0.02); // else there was nothing to wait for
  expect(turns / seconds).toBeLessThan(MOST_TURNS_A_SECOND);
});
