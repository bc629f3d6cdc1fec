import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bin, exports as entries } from "../package.json";

const project = new URL("../", import.meta.url);
const runModule = (program: string): string =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: project,
    encoding: "utf8",
    timeout: 30_000,
  });

test.each(Object.values(entries).flatMap(Object.values).concat(Object.values(bin)))("%s is built", (file) => {
  expect(existsSync(new URL(file, project))).toBe(true);
});

test.each([
  [".", ["wgsl-preprocessor/wgsl-preprocessor.js"]],
  ["./data", []],
  ["./metrics", []],
] as const)("the entry %s imports nothing that a browser lacks", (entry, libraries) => {
  const foreign = new Set<string>();
  const follow = (url: URL): void => {
    for (const [, specifier = ""] of readFileSync(url, "utf8").matchAll(/^import .*?"([^"]+)";$/gm)) {
      if (specifier.startsWith(".")) follow(new URL(specifier, url));
      else foreign.add(specifier);
    }
  };
  follow(new URL(entries[entry].default, project));
  expect([...foreign]).toEqual(libraries);
});

test("what comes by import() imports nothing and is imported by nothing else, so that no page waits for itself", () => {
  const files = readdirSync(new URL("dist/", project)).filter((file) => file.endsWith(".js"));
  const texts = new Map(files.map((file) => [file, readFileSync(new URL(`dist/${file}`, project), "utf8")]));
  const library = [...texts].filter(([file]) => file !== "cli.js");
  const named = (pattern: RegExp): string[] =>
    library.flatMap(([, text]) => [...text.matchAll(pattern)].map(([, file]) => file as string));
  const later = new Set(named(/\bimport\("\.\/([^"]+)"\)/g));
  expect(later.size).toBeGreaterThan(0);
  for (const file of later) expect(texts.get(file), file).not.toMatch(/^import /m);
  expect(named(/^import .*?"\.\/([^"]+)";$/gm).filter((file) => later.has(file))).toEqual([]);
});

test("data and metrics go together by the names of the package", () => {
  const program = `
    import { copyBaseline, copyMemory, padSequences, shuffledBatches } from "webgpu-rnn/data";
    import { accuracy, f1, perplexity } from "webgpu-rnn/metrics";
    const { inputs, targets } = copyMemory({ batch: 4, delay: 3 });
    const [{ examples }] = shuffledBatches(padSequences(inputs), { batch: 4 });
    const logits = targets.flatMap((row) => Array.from(row, (id) => id)).flatMap((id) =>
      Array.from({ length: 10 }, (_, symbol) => Number(symbol === id)));
    console.log(examples.length, accuracy({ shape: [4, 23, 10], data: Float32Array.from(logits) }, targets));
    console.log(f1(targets, targets, { classes: 10 }).micro, perplexity(copyBaseline(3)).toFixed(3));`;
  expect(runModule(program)).toBe("4 1\n1 2.470\n");
});

test("a program in Node ends by itself with its work done, though it disposes of nothing", () => {
  const program = `
    import { openDevice } from "webgpu-rnn/node";
    const { device } = await openDevice();
    const busy = "@compute @workgroup_size(1) fn main() { for (var i = 0u; i < sums[0]; i++) { sums[1] += i; } }";
    const code = "@group(0) @binding(0) var<storage, read_write> sums: array<u32>; " + busy;
    const compute = { module: device.createShaderModule({ code }) };
    const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute });
    const [STORAGE_COPY_DST, READ_COPY_DST] = [0x88, 0x9];
    const sums = device.createBuffer({ size: 8, usage: STORAGE_COPY_DST });
    device.queue.writeBuffer(sums, 0, new Uint32Array([1e7, 0]));
    const entries = [{ binding: 0, resource: { buffer: sums } }];
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(1);
    pass.end();
    device.queue.submit([encoder.finish()]);
    const read = device.createBuffer({ size: 8, usage: READ_COPY_DST });
    read.mapAsync(1).then(() => console.log("mapped"));
    device.queue.onSubmittedWorkDone().then(() => console.log("done"));`;
  expect(runModule(program).trim().split("\n").sort()).toEqual(["done", "mapped"]);
});
