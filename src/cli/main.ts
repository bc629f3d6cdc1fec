#!/usr/bin/env node
import { runCommand } from "./commands.ts";
import { UsageError } from "./usage-error.ts";

try {
  process.exitCode = await runCommand(process.argv.slice(2));
} catch (error) {
  console.error(process.env.DEBUG ? error : `webgpu-rnn: ${error instanceof Error ? error.message : error}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
