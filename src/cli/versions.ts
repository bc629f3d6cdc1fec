import { createRequire } from "node:module";
import { version } from "../../package.json";

/** Versions of this package, of the runtime and of what brings WebGPU to it; and the platform. */
export function versionsHere(): Readonly<Record<string, string>> {
  const { deno, node } = process.versions as { deno?: string; node: string };
  const webgpu = (): string => createRequire(import.meta.url)("webgpu/package.json").version;
  return {
    "webgpu-rnn": version,
    ...(deno ? { deno } : { node, webgpu: webgpu() }),
    platform: `${process.platform} ${process.arch}`,
  };
}
