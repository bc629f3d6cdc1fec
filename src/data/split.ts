import { refuse } from "../errors.ts";

/**
 * Sets the end of the ids aside, so that held-out loss is measured on text that training never saw.
 * @param ids [N]
 * @param fraction of the ids to hold out, between 0 and 1, both excluded
 * @returns views of `ids`, no copies: the first N - round(N * fraction) ids and the rest
 * @throws WebgpuRnnError when the ids are no Uint32Array or the fraction is out of range
 */
export function split(ids: Uint32Array, fraction: number): { training: Uint32Array; heldOut: Uint32Array } {
  if (!(ids instanceof Uint32Array)) {
    throw refuse({
      what: "split",
      expected: "ids in a Uint32Array",
      got: String(ids),
      cure: "make one by Uint32Array.from",
    });
  }
  if (!(fraction > 0 && fraction < 1)) {
    throw refuse({ what: "split", expected: "a fraction between 0 and 1, both excluded", got: String(fraction) });
  }
  const end = ids.length - Math.round(ids.length * fraction);
  return { training: ids.subarray(0, end), heldOut: ids.subarray(end) };
}
