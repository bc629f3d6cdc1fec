import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The rivals' own package, in the project's folder, where npm runs its scripts. */
export const FOLDER = "bench/rivals";

/**
 * Installs all of the rivals' packages.
 * @returns why that failed; undefined when all are there
 */
export function installPackages(print: (text: string) => void): string | undefined {
  print(`installing the rivals' packages, about 470 MB, in ${FOLDER}; delete its node_modules when you are done`);
  const options = { cwd: FOLDER, encoding: "utf8", shell: process.platform === "win32" } as const;
  const { status, error, stderr } = spawnSync(
    "npm",
    ["install", "--no-audit", "--no-fund", "--no-package-lock"],
    options,
  );
  if (status === 0) return undefined;
  return `npm install failed: ${error?.message ?? stderr.match(/npm error .*/)?.[0] ?? `exit code ${status}`}`;
}

/** Those that are not installed. */
export const missingPackages = (names: readonly string[]): string[] => names.filter((name) => !versionOf(name));

/** The installed version of one of the rivals' packages; undefined where it is missing. */
export function versionOf(name: string): string | undefined {
  const path = join(FOLDER, "node_modules", name, "package.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).version : undefined;
}
