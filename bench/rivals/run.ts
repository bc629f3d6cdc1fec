import { loadavg } from "node:os";
import { environment } from "../environment.ts";
import { findPytorch } from "../find-pytorch.ts";
import type { Runtime } from "../runtimes.ts";
import { installPackages, versionOf } from "./install.ts";
import { type Contestant, match, type RivalRow } from "./match.ts";
import { PYTORCH, RIVALS, type Rival } from "./names.ts";
import { PytorchSeat } from "./pytorch.ts";
import { rivalsTable } from "./report.ts";
import { openVenue } from "./venues.ts";
import { small, WORKLOADS, type Workload } from "./workloads.ts";

export interface RivalsOptions {
  /** Those that run, in the order of the rows. Default: all, PyTorch where there is one. */
  readonly only?: readonly Rival[];
  /** Whether at sizes that are done in a moment. */
  readonly small: boolean;
  /** Where all of them run. Default "chromium". */
  readonly runtime?: Runtime;
}

/** All that one run measures, in one runtime on one adapter. */
export interface RivalsResult {
  readonly adapter: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Of the machine over the minute before: a number near its cores means that others were at work. */
  readonly loadBefore: number;
  readonly workloads: readonly Workload[];
  readonly rows: readonly RivalRow[];
  readonly failures: readonly string[];
}

const FULL = { rounds: 9, budgetMs: 20_000 };
const SMALL = { rounds: 3, budgetMs: 1000 };

/** Measures all workloads and tells of each when it is done. */
export async function runRivals(options: RivalsOptions, print: (text: string) => void): Promise<RivalsResult> {
  const loadBefore = loadavg()[0] as number;
  const asked = options.only ?? RIVALS;
  const pytorch = asked.some(({ name }) => name === PYTORCH) ? findPytorch() : undefined;
  if (!options.only && !pytorch) print(`without ${PYTORCH}: no Python has it`);
  const chosen = options.only ?? RIVALS.filter(({ name }) => pytorch || name !== PYTORCH);
  const missing = installPackages(
    chosen.flatMap(({ packages }) => packages),
    print,
  );
  const venue = await openVenue(options.runtime ?? "chromium");
  try {
    const { adapter } = venue;
    const versions = {
      ...environment().versions,
      ...venue.versions,
      ...(pytorch ? { pytorch: pytorch.version } : {}),
      ...installed(chosen),
    };
    print(
      `${Object.values(venue.versions)[0] ?? "node"}, ${adapter}; load ${loadBefore.toFixed(1)}; medians of runs that take turns`,
    );
    const seat = (rival: Rival): Contestant["seat"] => {
      if (rival.name === PYTORCH) return pytorch ? new PytorchSeat(pytorch.python, "float32") : "no Python has PyTorch";
      if (missing && !rival.packages.every(versionOf)) return missing;
      return venue.seat(rival);
    };
    const rows: RivalRow[] = [];
    const workloads = options.small ? WORKLOADS.map(small) : WORKLOADS;
    for (const workload of workloads) {
      const able = chosen.filter(({ kinds }) => kinds.includes(workload.kind));
      const contestants = able.map((rival): Contestant => ({ rival: rival.name, seat: seat(rival) }));
      const reference = pytorch ? new PytorchSeat(pytorch.python, "float64") : undefined;
      const { rows: made, referenced } = await match(workload, contestants, options.small ? SMALL : FULL, reference);
      const { name, batch, time } = workload;
      print(
        `\n${name} (B ${batch}, T ${time}), held against ${referenced ? "PyTorch in float64" : "the first that ran"}`,
      );
      print(rivalsTable(made));
      rows.push(...made);
    }
    const failures = rows.flatMap(({ workload, rival, failure }) =>
      failure ? [`${workload}: ${rival}: ${failure}`] : [],
    );
    return { adapter, versions, loadBefore, workloads, rows, failures };
  } finally {
    await venue.close();
  }
}

function installed(chosen: readonly Rival[]): Record<string, string> {
  const names = new Set(chosen.flatMap(({ packages }) => packages));
  return Object.fromEntries([...names].flatMap((name) => [[name, versionOf(name) ?? "missing"]]));
}
