import { expect, test } from "vitest";
import { rivalsOf } from "../bench/rivals/names.ts";
import { runRivals } from "../bench/rivals/run.ts";
import { WORKLOADS } from "../bench/rivals/workloads.ts";

test("the bench beside other libraries runs ours on a page", async () => {
  const printed: string[] = [];
  const options = { small: true, only: rivalsOf("webgpu-rnn") };
  const { rows, failures } = await runRivals(options, (text) => printed.push(text));
  expect(rows.map(({ rival, failure, samples }) => [rival, failure, samples.length > 0])).toEqual(
    WORKLOADS.map(() => ["webgpu-rnn", undefined, true]),
  );
  expect(rows.map(({ calls }) => calls?.readBacks)).toEqual(WORKLOADS.map(() => 1));
  expect(failures).toEqual([]);
  expect(printed.join("\n")).toContain("webgpu-rnn");
}, 120_000);
