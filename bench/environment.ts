import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { versionsHere } from "../src/cli/versions.ts";

/** What a result cannot be compared without. */
export interface Environment {
  /** ISO 8601, UTC. */
  readonly date: string;
  /** `-dirty` behind it where files have changed since; absent outside a clone. */
  readonly commit: string | undefined;
  readonly versions: Readonly<Record<string, string>>;
  /** Of the machine over the minute before: a number near its cores means that others were at work. */
  readonly loadBefore: number;
}

export const environment = (): Environment => ({
  date: new Date().toISOString(),
  commit: describeCommit(),
  versions: versionsHere(),
  loadBefore: loadBefore(),
});

export const loadBefore = (): number => loadavg()[0] as number;

function describeCommit(): string | undefined {
  try {
    const words = ["describe", "--always", "--dirty", "--exclude=*"];
    return execFileSync("git", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}
