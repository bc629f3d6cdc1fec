import { mkdirSync, writeFileSync } from "node:fs";
import { type Environment, environment, loadBefore } from "./environment.ts";

/** Where each run leaves its files; npm runs its scripts in the folder of package.json. */
export const RESULTS = "bench/results";

/** Of the beginning: a long run may outlast a commit. */
const begun = environment();

interface Kept {
  readonly failures: readonly string[];
  readonly versions?: Readonly<Record<string, string>>;
}

/**
 * Measures, and writes the result beside what it cannot be compared without, as JSON and as a page.
 * @param prefix of the files' names
 */
export async function keep<Result extends Kept>(
  prefix: string,
  measure: () => Promise<Result>,
  page: (result: Result & Environment) => string,
): Promise<void> {
  const load = loadBefore();
  console.log(`load of the machine before: ${load.toFixed(1)}`);
  const measured = await measure();
  const versions = { ...begun.versions, ...measured.versions };
  const result = { ...begun, loadBefore: load, ...measured, versions };
  const file = `${RESULTS}/${prefix}-${result.date.replaceAll(/[:.]/g, "-")}`;
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(`${file}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${file}.html`, page(result));
  console.log(`\nwritten to ${file}.json and .html`);
  for (const failure of result.failures) console.error(`FAILED: ${failure}`);
  if (result.failures.length > 0) process.exitCode = 1;
}
