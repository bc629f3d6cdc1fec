import type { Reporter, TestModule } from "vitest/node";

/** Closes the run with one line, `N passed, N failed`. A file or hook that breaks counts as a failure of its own. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap(({ children }) => [...children.allTests()]);
    const passed = tests.filter((test) => test.result().state === "passed").length;
    const broken = modules.flatMap((module) => [module, ...module.children.allSuites()].flatMap((it) => it.errors()));
    console.log(`${passed} passed, ${tests.length - passed + broken.length + unhandledErrors.length} failed`);
  }
}
