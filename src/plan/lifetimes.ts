import type { Storage } from "../tensor.ts";
import { type Step, storagesOf } from "./step.ts";

/**
 * Lets scratch storages whose lifetimes do not meet share one buffer.
 *
 * Whole buffers are shared, never parts of one: WebGPU forbids a dispatch to bind one buffer both read-only and
 * writable even at disjoint ranges, and two storages of one dispatch always meet.
 * @returns the storage that stands for each storage of the steps: the largest of those that share, or itself
 */
export function shareScratch(steps: readonly Step[]): Map<Storage, Storage> {
  const lastUse = new Map<Storage, number>();
  steps.forEach((step, i) => {
    for (const storage of storagesOf(step)) lastUse.set(storage, i);
  });
  const pool: { length: number; users: Storage[]; free: boolean }[] = [];
  const shareOf = new Map<Storage, (typeof pool)[number]>();
  steps.forEach((step, i) => {
    const used = new Set(storagesOf(step).filter((storage) => storage.scratch));
    for (const storage of used) {
      if (shareOf.has(storage)) continue;
      const share = closest(pool, storage.length) ?? { length: 0, users: [], free: false };
      if (share.users.length === 0) pool.push(share);
      share.length = Math.max(share.length, storage.length);
      share.users.push(storage);
      share.free = false;
      shareOf.set(storage, share);
    }
    for (const storage of used) {
      const share = shareOf.get(storage);
      if (share && lastUse.get(storage) === i) share.free = true;
    }
  });
  const standsFor = new Map<Storage, Storage>([...lastUse.keys()].map((storage) => [storage, storage]));
  for (const { users } of pool) {
    const largest = users.reduce((most, storage) => (storage.length > most.length ? storage : most));
    for (const storage of users) standsFor.set(storage, largest);
  }
  return standsFor;
}

/** The free share that wastes least, growing one only when none is long enough. */
function closest<Share extends { length: number; free: boolean }>(pool: Share[], length: number): Share | undefined {
  const free = pool.filter((share) => share.free).sort((a, b) => a.length - b.length);
  return free.find((share) => share.length >= length) ?? free.at(-1);
}
