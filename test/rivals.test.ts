import { expect, test } from "vitest";
import { runRivals } from "../bench/rivals/run.ts";
import { WORKLOADS } from "../bench/rivals/workloads.ts";

test("the bench beside other libraries runs ours on a page", async () => {
  const printed: string[] = [];
  const options = { small: true, only: "webgpu-rnn,banana" };
  const { rows, failures } = await runRivals(options, (text) => printed.push(text));
  expect(rows.map(({ rival, failure, samples }) => [rival, failure, samples.length > 0])).toEqual(
    WORKLOADS.map(() => ["webgpu-rnn", undefined, true]),
  );
  expect(rows.map(({ calls }) => calls?.readBacks)).toEqual(WORKLOADS.map(() => 1));
  const [unknown, ...others] = failures;
  expect(unknown).toMatch(/^--only: expected some of webgpu-rnn, .*, got banana\.$/);
  expect(others).toEqual([]);
  expect(printed.join("\n")).toContain("webgpu-rnn");
  expect(printed.filter((text) => text.endsWith("held against nothing"))).toHaveLength(WORKLOADS.length);
}, 120_000);
