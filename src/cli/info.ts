import { type SelfTestRow, selfTest } from "../oracle/self-test.ts";
import { cpuAdvice } from "./cpu-advice.ts";
import { formatColumns, formatCount } from "./format.ts";
import { adapterText, openGpu } from "./gpu.ts";
import type { Given, infoOptions } from "./options.ts";

/**
 * Tells what there is to compute on, and whether it computes right.
 * @returns the exit code: 1 when the self-test finds a wrong number
 */
export async function info(given: Given<typeof infoOptions>): Promise<number> {
  const gpu = await openGpu(given.adapter);
  try {
    const { adapter, device } = gpu;
    const features = [...device.features].sort();
    const limits = limitsOf(device.limits);
    const tests = await selfTest(gpu);
    const passed = tests.every((test) => test.passed);
    const { name, software } = adapter;
    const advice = cpuAdvice(adapter);
    console.log(
      given.json
        ? JSON.stringify({ adapter: name, software, advice, features, limits, selfTest: { passed, tests } })
        : infoText(adapterText(gpu), features, limits, tests, advice),
    );
    return passed ? 0 : 1;
  } finally {
    gpu.dispose();
  }
}

/** @param advice what to know of such an adapter */
function infoText(
  adapter: string,
  features: readonly string[],
  limits: Readonly<Record<string, number>>,
  tests: readonly SelfTestRow[],
  advice: string,
): string {
  const rows = worstOrWrong(tests).map(({ name, error, tolerance, passed }): [string, string] => [
    `${passed ? "ok   " : "WRONG"} ${name}`,
    `off by ${error.toExponential(1)}, at most ${tolerance.toExponential(1)} is rounding`,
  ]);
  const shown = Object.entries(limits)
    .filter(([name]) => /Buffer(Binding)?Size|StorageBuffersPerShaderStage|Compute/.test(name))
    .map(([name, limit]): [string, string] => [`  ${name}`, formatCount(limit)]);
  const failed = tests.filter(({ passed }) => !passed).length;
  const verdict =
    failed === 0 ? "passed" : `${failed} of ${tests.length} numbers are wrong: do not train on this adapter`;
  return [
    formatColumns([
      ["adapter", adapter],
      ["", advice],
      ["features", features.join(", ") || "none"],
    ]),
    `\nlimits of buffers and compute shaders\n${formatColumns(shown)}`,
    "\nself-test: one training step of each cell on each recurrent machine, against the same in float64; the worst of each",
    formatColumns(rows).replace(/^/gm, "  "),
    verdict,
  ].join("\n");
}

/** The row nearest to its tolerance of each cell on each machine, and every wrong one. */
function worstOrWrong(tests: readonly SelfTestRow[]): SelfTestRow[] {
  const worst = new Map<string, SelfTestRow>();
  for (const test of tests) {
    const [cell = ""] = test.name.split(":");
    const before = worst.get(cell);
    if (!before || test.error / test.tolerance > before.error / before.tolerance) worst.set(cell, test);
  }
  const nearest = new Set(worst.values());
  return tests.filter((test) => nearest.has(test) || !test.passed);
}

/** The limits are getters of a prototype, which `Object.entries` does not see. */
function limitsOf(limits: GPUSupportedLimits): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name in limits) {
    const limit = limits[name as keyof GPUSupportedLimits];
    if (typeof limit === "number") found[name] = limit;
  }
  return found;
}
