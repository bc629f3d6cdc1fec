import { table } from "../../src/cli/table.ts";
import { versionsHere } from "../../src/cli/versions.ts";
import { findPytorch } from "../find-pytorch.ts";
import type { Runtime } from "../runtimes.ts";
import { installPackages, missingPackages, versionOf } from "./install.ts";
import { type Contestant, match, type RivalRow } from "./match.ts";
import { PYTORCH, RIVALS, type Rival, rivalsOf } from "./names.ts";
import { PytorchSeat } from "./pytorch.ts";
import { heldAgainst, rivalsTable } from "./report.ts";
import { openVenue, type Venue } from "./venues.ts";
import { small, WORKLOADS, type Workload } from "./workloads.ts";

interface RivalsOptions {
  /** Names of those that run beside ours, with commas between. Default: all, PyTorch where there is one. */
  readonly only?: string;
  /** Whether at sizes that are done in a moment. */
  readonly small: boolean;
  /** Where all of them run. Default "chromium". */
  readonly runtime?: Runtime;
}

/** All that one run measures, in one runtime on one adapter. */
export interface RivalsResult {
  readonly adapter: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly workloads: readonly Workload[];
  readonly rows: readonly RivalRow[];
  readonly failures: readonly string[];
}

const FULL = { rounds: 9, budgetMs: 20_000 };
const SMALL = { rounds: 3, budgetMs: 1000 };

/** Measures all workloads and tells of each when it is done. */
export async function runRivals(options: RivalsOptions, print: (text: string) => void): Promise<RivalsResult> {
  const { rivals: asked, unknown } =
    options.only === undefined ? { rivals: RIVALS, unknown: [] } : rivalsOf(options.only);
  for (const each of unknown) print(each);
  const pytorch = asked.some(({ name }) => name === PYTORCH) ? findPytorch() : undefined;
  const pass = options.only === undefined && !pytorch;
  if (pass) print(`without ${PYTORCH}: no Python has it`);
  const chosen = asked.filter(({ name }) => !(pass && name === PYTORCH));
  const open = (): Promise<Venue> => openVenue(options.runtime ?? "chromium");
  let venue = await open();
  let missing: string | undefined;
  // Only where a venue opens is anything installed; it bundles what it finds, so another opens after that.
  if (missingPackages(chosen.flatMap(({ packages }) => packages)).length > 0) {
    await venue.close();
    missing = installPackages(print);
    venue = await open();
  }
  try {
    const { adapter } = venue;
    const versions = {
      ...versionsHere(),
      ...venue.versions,
      ...(pytorch ? { pytorch: pytorch.version } : {}),
      ...installed(chosen),
    };
    print(`${Object.values(venue.versions)[0] ?? "node"}, ${adapter}; medians of runs that take turns`);
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
      const made = await match(workload, contestants, options.small ? SMALL : FULL, reference);
      const { name, hidden, batch, time } = workload;
      print(`\n${name} (H ${hidden}, B ${batch}, T ${time}), held against ${heldAgainst(made)}`);
      print(table(...rivalsTable(made.rows)));
      rows.push(...made.rows);
    }
    const failed = rows.flatMap(({ workload, rival, failure }) =>
      failure ? [`${workload}: ${rival}: ${failure}`] : [],
    );
    return { adapter, versions, workloads, rows, failures: [...unknown, ...failed] };
  } finally {
    await venue.close();
  }
}

function installed(chosen: readonly Rival[]): Record<string, string> {
  const names = new Set(chosen.flatMap(({ packages }) => packages));
  return Object.fromEntries([...names].flatMap((name) => [[name, versionOf(name) ?? "missing"]]));
}
