import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";

/** What a result cannot be compared without. */
export interface Environment {
  /** ISO 8601, UTC. */
  readonly date: string;
  /** `-dirty` behind it where files have changed since; absent outside a clone. */
  readonly commit: string | undefined;
  readonly versions: Readonly<Record<string, string>>;
}

export function environment(): Environment {
  const { version } = createRequire(import.meta.url)("webgpu/package.json");
  const { deno } = process.versions as { deno?: string };
  return {
    date: new Date().toISOString(),
    commit: describeCommit(),
    versions: {
      ...(deno ? { deno } : { node: process.versions.node, webgpu: version }),
      platform: `${process.platform} ${process.arch}`,
    },
  };
}

function describeCommit(): string | undefined {
  try {
    const words = ["describe", "--always", "--dirty", "--exclude=*"];
    return execFileSync("git", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}
