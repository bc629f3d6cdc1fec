import { expect, test } from "vitest";
import { runRivals } from "../bench/rivals/run.ts";
import { WORKLOADS } from "../bench/rivals/workloads.ts";

test("the bench beside other libraries runs ours on a page, and says what it does not know", async () => {
  const printed: string[] = [];
  const { rows, failures } = await runRivals({ small: true, only: ["theano"] }, (text) => printed.push(text));
  const unknown = rows.filter(({ rival }) => rival === "theano");
  const ours = rows.filter(({ rival }) => rival === "webgpu-rnn");
  expect(ours.map(({ failure, samples }) => [failure, samples.length > 0])).toEqual(
    WORKLOADS.map(() => [undefined, true]),
  );
  expect(ours.map(({ calls }) => calls?.readBacks)).toEqual(WORKLOADS.map(() => 1));
  expect(unknown).toHaveLength(WORKLOADS.length);
  expect(failures).toHaveLength(WORKLOADS.length);
  expect(printed.join("\n")).toContain("theano");
}, 120_000);
