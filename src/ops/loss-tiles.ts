/** Invocations of a workgroup. */
const INVOCATIONS = 64;
/** Fewest logits that an invocation should take: the invocations of a row each put all their sums together. */
const FEWEST = 32;

/** How many invocations share a row of V logits, and how many rows a workgroup owns. */
export function lossTile(vocabulary: number): { LANES: number; ROWS: number } {
  const lanes = Math.min(Math.max(2 ** Math.floor(Math.log2(vocabulary / FEWEST)), 1), INVOCATIONS);
  return { LANES: lanes, ROWS: INVOCATIONS / lanes };
}
