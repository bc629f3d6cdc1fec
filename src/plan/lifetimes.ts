import type { Storage } from "../tensor.ts";
import { type Step, storagesOf } from "./step.ts";

/**
 * Lets scratch storages whose lifetimes do not meet share one buffer.
 *
 * Whole buffers are shared, never parts of one: WebGPU forbids a dispatch to bind one buffer both read-only and
 * writable even at disjoint ranges, and two storages of one dispatch always meet.
 * @param options.kept scratch that is read after the last step, so that its life does not end
 * @param options.beside what another plan's storages lie in, which never plays at the same time: its scratch is taken
 *   where it is long enough, and what is kept under the same name is the same
 * @returns the storage that stands for each storage of the steps: the largest of those that share, or itself
 */
export function shareScratch(
  steps: readonly Step[],
  { beside = [], kept }: { beside?: Iterable<Storage> | undefined; kept?: ReadonlySet<Storage> | undefined } = {},
): Map<Storage, Storage> {
  const lastUse = new Map<Storage, number>();
  steps.forEach((step, i) => {
    for (const storage of storagesOf(step)) lastUse.set(storage, i);
  });
  const others = [...new Set(beside)];
  const pool: Share[] = others
    .filter(({ scratch }) => scratch)
    .map((storage) => ({ length: storage.length, users: [], free: true, fixed: storage }));
  const shareOf = new Map<Storage, Share>();
  steps.forEach((step, i) => {
    const used = new Set(storagesOf(step).filter((storage) => storage.scratch));
    for (const storage of used) {
      if (shareOf.has(storage)) continue;
      const found = closest(pool, storage.length);
      const share = found ?? { length: 0, users: [], free: false };
      if (!found) pool.push(share);
      share.length = Math.max(share.length, storage.length);
      share.users.push(storage);
      share.free = false;
      shareOf.set(storage, share);
    }
    for (const storage of used) {
      const share = shareOf.get(storage);
      if (share && lastUse.get(storage) === i && !kept?.has(storage)) share.free = true;
    }
  });
  const unshared = new Set(others.filter(({ scratch }) => !scratch));
  const standsFor = new Map<Storage, Storage>(
    [...lastUse.keys()].map((storage) => [storage, storage.scratch ? storage : takeSame(unshared, storage)]),
  );
  for (const { users, fixed } of pool) {
    const largest = fixed ?? users.reduce((most, storage) => (storage.length > most.length ? storage : most));
    for (const storage of users) standsFor.set(storage, largest);
  }
  return standsFor;
}

/** The first storage of the same name, if it is long enough; a second of the name gets the second. */
function takeSame(unshared: Set<Storage>, storage: Storage): Storage {
  const same = unshared.has(storage) ? storage : [...unshared].find(({ name }) => name === storage.name);
  if (!same || same.length < storage.length) return storage;
  unshared.delete(same);
  return same;
}

/** One buffer to be, and the storages that take turns in it. */
interface Share {
  length: number;
  readonly users: Storage[];
  free: boolean;
  /** A storage of another plan, as long as it is. */
  readonly fixed?: Storage;
}

/** The free share that wastes least, growing one only when none is long enough. */
function closest(pool: readonly Share[], length: number): Share | undefined {
  const free = pool.filter((share) => share.free).sort((a, b) => a.length - b.length);
  return free.find((share) => share.length >= length) ?? free.filter(({ fixed }) => !fixed).at(-1);
}
