import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { CountReporter } from "./count-reporter.ts";

/** Files run one after the other, each in a process of its own: two suites would share one software GPU's few cores. */
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/naga/**"],
    globalSetup: "test/global-setup.ts",
    pool: "forks",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    disableConsoleIntercept: true,
    reporters: ["default", new CountReporter()],
  },
});
