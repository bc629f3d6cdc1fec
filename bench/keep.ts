import { mkdirSync, writeFileSync } from "node:fs";
import { type Environment, environment, loadBefore } from "./environment.ts";

/** Where each run leaves its files; npm runs its scripts in the folder of package.json. */
export const RESULTS = "bench/results";

/** Of the beginning: a long run may outlast a commit. */
const begun = environment();

/** Of a file that its run has not come to the end of. */
export interface Unfinished {
  readonly unfinished?: true;
}

interface Kept {
  readonly failures: readonly string[];
  readonly versions?: Readonly<Record<string, string>>;
}

/**
 * Measures, and writes the result beside what it cannot be compared without, as JSON and as a page;
 * what there is so far as well, so that a run that is stopped leaves its rows.
 * @param prefix of the files' names
 */
export async function keep<Result extends Kept>(
  prefix: string,
  measure: (sofar: (result: Result) => void) => Promise<Result>,
  page: (result: Result & Environment & Unfinished) => string,
): Promise<void> {
  const load = loadBefore();
  console.log(`load of the machine before: ${load.toFixed(1)}`);
  const file = `${RESULTS}/${prefix}-${begun.date.replaceAll(/[:.]/g, "-")}`;
  const write = (measured: Result, unfinished: Unfinished): void => {
    const versions = { ...begun.versions, ...measured.versions };
    const result = { ...begun, loadBefore: load, ...unfinished, ...measured, versions };
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(`${file}.json`, `${JSON.stringify(result, null, 2)}\n`);
    writeFileSync(`${file}.html`, page(result));
  };
  const measured = await measure((result) => write(result, { unfinished: true }));
  const { failures } = measured;
  write(measured, {});
  console.log(`\nwritten to ${file}.json and .html`);
  for (const failure of failures) console.error(`FAILED: ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}
