import { median } from "../../src/cli/timing.ts";
import type { Calls } from "../count-calls.ts";
import { differ, disagreement } from "./agreement.ts";
import type { Done, Seat } from "./seat.ts";
import type { Kind, Workload } from "./workloads.ts";

/** What one contestant made of one workload. */
export interface RivalRow {
  readonly workload: string;
  readonly rival: string;
  /** Median of `samples`; absent where there are none. */
  readonly milliseconds?: number;
  readonly samples: readonly number[];
  /** From weights on the host to the first result, with all that is compiled in between. */
  readonly firstMilliseconds?: number;
  /**
   * From the reference, or the first that ran, which has none itself: relative of losses, absolute of outputs, how many of
   * drawn ids.
   */
  readonly difference?: number;
  /** Of one run after warm-up. */
  readonly calls?: Calls;
  /** Why nothing was timed, or what went wrong while it was. */
  readonly failure?: string;
}

export interface Contestant {
  readonly rival: string;
  /** Why there is no seat, where there is none. */
  readonly seat: Seat | string;
}

interface MatchOptions {
  /** Timed runs of each, at most. */
  readonly rounds: number;
  /** A contestant whose timed runs took longer together sits out the rounds that are left. */
  readonly budgetMs: number;
}

export interface MatchResult {
  readonly rows: readonly RivalRow[];
  /** Whether the rows were held against the reference; else it failed or there was none. */
  readonly referenced: boolean;
}

/** Runs whose results are compared, before anything is timed: the third loss knows two updates. */
const CHECKED: Readonly<Record<Kind, number>> = { training: 3, sampling: 1, inference: 1 };

/**
 * Prepares all contestants, compares what they compute with the reference, then times in turns those that agree. One that
 * fails or disagrees has a row that says so, and the rest goes on.
 * @param reference what the others are held against; without one, the first contestant that runs
 */
export async function match(
  workload: Workload,
  contestants: readonly Contestant[],
  { rounds, budgetMs }: MatchOptions,
  reference?: Seat,
): Promise<MatchResult> {
  const judge = new Player(workload, { rival: "the reference", seat: reference ?? "none" });
  const players = contestants.map((contestant) => new Player(workload, contestant));
  try {
    let expected = await judge.check();
    const referenced = expected !== undefined;
    await judge.close();
    for (const player of players) {
      const results = await player.check();
      expected ??= results;
      if (results && expected) await player.compare(results, expected);
    }
    for (let round = 0; round < rounds; round++) {
      for (const player of players) if (player.spent < budgetMs) await player.time();
    }
    return { rows: players.map((player) => player.row), referenced };
  } finally {
    for (const player of players) await player.close();
  }
}

/** A contestant at its seat, until something goes wrong. */
class Player {
  readonly #workload: Workload;
  readonly #rival: string;
  readonly #samples: number[] = [];
  #seat: Seat | undefined;
  #firstMilliseconds: number | undefined;
  #latest: Done | undefined;
  #difference: number | undefined;
  #failure: string | undefined;

  constructor(workload: Workload, { rival, seat }: Contestant) {
    this.#workload = workload;
    this.#rival = rival;
    if (typeof seat === "string") this.#failure = seat;
    else this.#seat = seat;
  }

  /** Milliseconds of all timed runs. */
  get spent(): number {
    return this.#samples.reduce((sum, sample) => sum + sample, 0);
  }

  get row(): RivalRow {
    const optional = {
      milliseconds: this.#samples.length > 0 ? median(this.#samples) : undefined,
      firstMilliseconds: this.#firstMilliseconds,
      difference: this.#difference,
      calls: this.#latest?.calls,
      failure: this.#failure,
    };
    const known = Object.entries(optional).filter(([, value]) => value !== undefined);
    const always = { workload: this.#workload.name, rival: this.#rival, samples: this.#samples };
    return { ...always, ...Object.fromEntries(known) };
  }

  /** The results of the first runs; undefined where they fail. */
  check(): Promise<readonly number[] | undefined> {
    return this.#try("failed", async (seat) => {
      const prepared = await seat.prepare(this.#workload);
      const results: number[] = [];
      for (let run = 0; run < CHECKED[this.#workload.kind]; run++) {
        this.#latest = await seat.run();
        this.#firstMilliseconds ??= prepared + this.#latest.milliseconds;
        results.push(...this.#latest.results);
      }
      return results;
    });
  }

  async compare(results: readonly number[], expected: readonly number[]): Promise<void> {
    const { kind } = this.#workload;
    // Results differ from themselves only where they are no numbers.
    const difference = differ(kind, results, expected);
    if (results !== expected) this.#difference = difference;
    const wrong = disagreement(kind, difference);
    if (wrong) await this.#fail(wrong);
  }

  async time(): Promise<void> {
    await this.#try("failed when timed", async (seat) => {
      this.#latest = await seat.run();
      this.#samples.push(this.#latest.milliseconds);
    });
  }

  async close(): Promise<void> {
    await this.#seat?.close();
    this.#seat = undefined;
  }

  async #try<Result>(what: string, run: (seat: Seat) => Promise<Result>): Promise<Result | undefined> {
    if (!this.#seat) return undefined;
    try {
      return await run(this.#seat);
    } catch (error) {
      await this.#fail(`${what}: ${String((error as Error)?.message ?? error).split("\n")[0]}`);
      return undefined;
    }
  }

  /** Leaves the seat: nothing runs there any more. */
  async #fail(failure: string): Promise<void> {
    this.#failure = failure;
    await this.close();
  }
}
