import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const TESTS = `
describe("suite", () => {
  test("good", () => {});
  test("bad", () => { throw new Error("on purpose"); });
  test.skip("good, left out", () => {});
});
test("good as well", () => {});
`;

const CONFIG = `
import { CountReporter } from ${JSON.stringify(resolve("test/count-reporter.ts"))};
export default { test: { globals: true, reporters: [new CountReporter()] } };
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "webgpu-rnn-count-"));
  writeFileSync(join(folder, "counted.test.ts"), TESTS);
  writeFileSync(join(folder, "vitest.config.ts"), CONFIG);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The line that closes a run. */
function lineOf(...options: string[]): string | undefined {
  const all = [resolve("node_modules/vitest/vitest.mjs"), "run", "--root", folder, ...options];
  return spawnSync(process.execPath, all, { encoding: "utf8" }).stdout.trim().split("\n").at(-1);
}

test.each([
  [[], "2 passed, 2 failed"],
  [["-t", "suite good"], "1 passed, 1 failed, 2 skipped"],
])("what %j leaves out is no failure, what else does not run is one", (options, line) => {
  expect(lineOf(...options)).toBe(line);
});
