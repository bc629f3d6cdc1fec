import { createInterface } from "node:readline";
import { suite } from "../page/suite.ts";

/** What this program says, a line of JSON each: first its adapter, then how each case went whose name it has read. */
export type Line = { adapter: string } | { name: string; error: string | null };

const say = (line: Line): void => console.log(JSON.stringify(line));

const { name, software } = await suite.open();
say({ adapter: `${name}${software ? " (software)" : ""}` });
createInterface({ input: process.stdin })
  .on("close", () => process.exit()) // even while a case hangs
  .on("line", (chosen) =>
    suite.run(chosen).then(
      () => say({ name: chosen, error: null }),
      (error) => say({ name: chosen, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    ),
  );
