import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gpu, openDevice } from "../src/gpu/device.ts";
import { findAdapter } from "../src/node/adapter.ts";
import { cases } from "./gpu/all.ts";
import { errorSummary, errorTable, forgetErrors } from "./gpu/compare-named.ts";

const devices = [
  { name: "all that the adapter grants", open: async () => openDevice({ adapter: await findAdapter() }) },
  {
    name: "no limits and no features requested",
    open: async () => openDevice({ gpu: await (await findAdapter()).requestDevice() }),
  },
];

describe.each(devices)("Node, $name", ({ name: granted, open }) => {
  let gpu: Gpu;

  beforeAll(async () => {
    gpu = await open();
    console.log(`Node, ${granted}: ${gpu.adapter.name}${gpu.adapter.software ? " (software)" : ""}`);
  });
  afterAll(() => {
    gpu.dispose();
    console.log(`Node, ${granted}, ${gpu.adapter.name}:\n${errorTable()}\n\n${errorSummary()}`);
    forgetErrors();
  });

  for (const { name, run } of cases) test(name, () => run(gpu));
});

test("there are cases, and no two share a name", () => {
  expect(cases.length).toBeGreaterThan(0);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});
