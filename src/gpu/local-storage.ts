import type { Cache } from "./choices.ts";

const keyOf = (adapter: string): string => `webgpu-rnn: ${adapter}`;

/** The storage of a page; none in a worker, and none where the user forbids it. */
export const localStorageCache: Cache = {
  async read(adapter) {
    return globalThis.localStorage?.getItem(keyOf(adapter)) ?? undefined;
  },
  async write(adapter, text) {
    globalThis.localStorage?.setItem(keyOf(adapter), text);
  },
};
