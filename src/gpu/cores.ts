interface Host {
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly process?: { getBuiltinModule?(name: string): { availableParallelism(): number } };
}

/** Cores of this machine as the page is told; Node tells by a module until version 21. Undefined where nothing tells. */
export function coresOfMachine(): number | undefined {
  const { navigator, process } = globalThis as Host;
  return navigator?.hardwareConcurrency ?? process?.getBuiltinModule?.("node:os").availableParallelism();
}
