import { Draws } from "../draws.ts";
import { padSequences } from "../pad-sequences.ts";
import { checkTask, type Task, type TimedTaskOptions, task } from "./task.ts";

/** What the ids of {@link embeddedReber} stand for. */
export const REBER_SYMBOLS = ["B", "T", "S", "X", "P", "V", "E"] as const;
type ReberSymbol = (typeof REBER_SYMBOLS)[number];

/** Reber's grammar: in each state the symbols that may follow and the state that each leads to; after E there is none. */
const GRAMMAR: readonly (readonly (readonly [ReberSymbol, number])[])[] = [
  [["B", 1]],
  [
    ["T", 2],
    ["P", 3],
  ],
  [
    ["S", 2],
    ["X", 4],
  ],
  [
    ["T", 3],
    ["V", 5],
  ],
  [
    ["X", 3],
    ["S", 6],
  ],
  [
    ["P", 4],
    ["V", 6],
  ],
  [["E", 7]],
];
const LAST = 7;

/** Symbols of the shortest string, such as B T BTXSE T E. */
const SHORTEST = 9;

/** A string and, for each place, the symbols that might have stood there. */
interface ReberString {
  readonly symbols: readonly ReberSymbol[];
  readonly legal: readonly (readonly ReberSymbol[])[];
}

/** Strings as rows, each predicting its next symbol. */
export interface EmbeddedReber extends Task<Uint32Array, Uint32Array> {
  /** [B] steps of each row, one less than the symbols of its string; beyond them stands 0. */
  lengths: Uint32Array;
  /** B rows [T, 7], row-major: 1 where the symbol may come next after the step, else 0. */
  legal: Uint8Array[];
}

/**
 * The embedded Reber grammar (Fahlman 1991; Hochreiter & Schmidhuber 1997, experiment 1): B, then T or P, a string of
 * Reber's grammar, the same T or P again, E; both ways at every fork are equally likely. The next symbol is asked for at
 * every step. A string counts as predicted when at each step exactly the legal symbols rank highest; the last but one,
 * which has to be remembered from the second, is where that is hard.
 * @param options strings of more than T + 1 symbols are drawn again, so a small `time` leaves out the long ones
 * @returns inputs and targets [T] ids of {@link REBER_SYMBOLS}
 * @throws WebgpuRnnError when a count is no positive whole number or `time` is below 8, one less than the shortest string
 */
export function embeddedReber(options: TimedTaskOptions): EmbeddedReber {
  checkTask("embeddedReber", options, { time: SHORTEST - 1 });
  const { batch, time, seed = 0 } = options;
  const draws = new Draws(seed);
  const legal: Uint8Array[] = [];
  const { inputs, targets } = task(batch, () => {
    let drawn = drawString(draws);
    while (drawn.symbols.length > time + 1) drawn = drawString(draws);
    const ids = Uint32Array.from(drawn.symbols, idOf);
    legal.push(legalRow(drawn, time));
    return [ids.slice(0, -1), ids.slice(1)];
  });
  const lengths = Uint32Array.from(inputs, (row) => row.length);
  const padded = (rows: Uint32Array[]): Uint32Array[] => padSequences(rows, { length: time });
  return { inputs: padded(inputs), targets: padded(targets), lengths, legal };
}

const idOf = (symbol: ReberSymbol): number => REBER_SYMBOLS.indexOf(symbol);

function drawString(draws: Draws): ReberString {
  const symbols: ReberSymbol[] = [];
  const legal: ReberSymbol[][] = [];
  const add = (...choices: ReberSymbol[]): number => {
    const chosen = draws.below(choices.length);
    legal.push(choices);
    symbols.push(choices[chosen] as ReberSymbol);
    return chosen;
  };
  add("B");
  const branch = add("T", "P");
  for (let state = 0; state !== LAST; ) {
    const edges = GRAMMAR[state] as (typeof GRAMMAR)[number];
    state = edges[add(...edges.map(([symbol]) => symbol))]?.[1] as number;
  }
  add(branch === 0 ? "T" : "P");
  add("E");
  return { symbols, legal };
}

function legalRow({ legal }: ReberString, time: number): Uint8Array {
  const row = new Uint8Array(time * REBER_SYMBOLS.length);
  for (const [t, choices] of legal.slice(1).entries()) {
    for (const symbol of choices) row[t * REBER_SYMBOLS.length + idOf(symbol)] = 1;
  }
  return row;
}
