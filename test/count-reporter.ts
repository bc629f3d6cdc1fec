import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";

/**
 * Closes the run with one line, `N passed, N failed`. A file or hook that breaks counts as a failure of its own, and so
 * does a test that has not run, unless `-t` left it out; those are `N skipped` behind.
 */
export class CountReporter implements Reporter {
  #pattern: RegExp | undefined;

  onInit({ config }: Pick<Vitest, "config">): void {
    this.#pattern = config.testNamePattern;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap(({ children }) => [...children.allTests()]);
    const chosen = tests.filter((test) => this.#pattern?.test(nameOf(test)) ?? true);
    const passed = chosen.filter((test) => test.result().state === "passed").length;
    const broken = modules.flatMap((module) => [module, ...module.children.allSuites()].flatMap((it) => it.errors()));
    const failed = chosen.length - passed + broken.length + unhandledErrors.length;
    const skipped = tests.length - chosen.length;
    console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  }
}

/** What `-t` is held against: the names of the suites and the test, a space between. */
function nameOf({ parent, name }: TestCase): string {
  const names = [name];
  for (let suite = parent; suite.type === "suite"; suite = suite.parent) names.unshift(suite.name);
  return names.join(" ");
}
