import { execFileSync } from "node:child_process";
import { versionsHere } from "../src/cli/versions.ts";

/** What a result cannot be compared without. */
export interface Environment {
  /** ISO 8601, UTC. */
  readonly date: string;
  /** `-dirty` behind it where files have changed since; absent outside a clone. */
  readonly commit: string | undefined;
  readonly versions: Readonly<Record<string, string>>;
}

export const environment = (): Environment => ({
  date: new Date().toISOString(),
  commit: describeCommit(),
  versions: versionsHere(),
});

function describeCommit(): string | undefined {
  try {
    const words = ["describe", "--always", "--dirty", "--exclude=*"];
    return execFileSync("git", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}
