import { parseArgs } from "node:util";
import { refuse } from "../src/errors.ts";
import { RESULTS } from "./keep.ts";
import { RUNTIMES } from "./runtimes.ts";

export const USAGE = `npm run bench                                        kernels, training and sampling on this adapter
npm run bench -- kernels                              every kernel over a few sizes
npm run bench -- steps [--small]                      training, inference and sampling over a grid of sizes, or a few
npm run bench -- growth                               what ten times the T, B or H² costs
npm run bench -- rivals [--small] [--only name,name]  beside other libraries
npm run bench -- cudnn                                recurrent layers alone, beside cuDNN where Python has it
npm run bench -- learning [task…] [--text FILE]       what is learned of the tasks, beside PyTorch
npm run bench -- compare before.json after.json       two files of ${RESULTS}, of the first three or rivals

--runtime ${RUNTIMES.join(",")}  where the first four and rivals run, one after the other; by default node, of rivals chromium`;

const OPTIONS = {
  small: { type: "boolean" },
  only: { type: "string" },
  text: { type: "string" },
  runtime: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;
type OptionName = keyof typeof OPTIONS;

/** The options that count for each command, and what stands behind it. */
const COMMANDS = {
  own: { options: ["runtime"], words: "nothing" },
  kernels: { options: ["runtime"], words: "nothing" },
  steps: { options: ["small", "runtime"], words: "nothing" },
  growth: { options: ["runtime"], words: "nothing" },
  rivals: { options: ["small", "only", "runtime"], words: "nothing" },
  cudnn: { options: [], words: "nothing" },
  learning: { options: ["text"], words: "tasks" },
  compare: { options: [], words: "two files" },
  help: { options: [], words: "nothing" },
} as const satisfies Readonly<Record<string, { options: readonly OptionName[]; words: string }>>;
export type Command = keyof typeof COMMANDS;

/** What the command line asks for. */
export interface Asked {
  readonly command: Command;
  /** Tasks of learning, or the two files of compare. */
  readonly words: readonly string[];
  readonly small?: boolean;
  readonly only?: string;
  readonly text?: string;
  readonly runtime?: string;
}

/**
 * @param given the words behind the name of the program
 * @throws WebgpuRnnError naming a command or an option that there is not, or that has no use here
 */
export function readCommand(given: readonly string[]): Asked {
  const { positionals, values: said } = parsed(given);
  const { help, ...values } = said;
  if (help) return { command: "help", words: [] };
  const [command = "own", ...words] = positionals;
  if (!Object.hasOwn(COMMANDS, command)) {
    throw refuse({ what: "npm run bench", expected: `one of ${Object.keys(COMMANDS).join(", ")}`, got: command });
  }
  const asked = { command: command as Command, words, ...values };
  for (const name of Object.keys(values) as OptionName[]) countsFor(name, asked.command);
  const { words: expected } = COMMANDS[asked.command];
  const fits = { nothing: words.length === 0, tasks: true, "two files": words.length === 2 }[expected];
  if (!fits) throw refuse({ what: `bench ${command}`, expected, got: words.join(" ") || "nothing" });
  return asked;
}

function countsFor(name: OptionName, command: Command): void {
  const wanting = Object.entries(COMMANDS).filter(([, { options }]) => (options as readonly string[]).includes(name));
  const where = wanting.map(([word]) => word);
  if (where.includes(command)) return;
  throw refuse({ what: `--${name}`, expected: `to stand with ${where.join(" or ")}`, got: `it with ${command}` });
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    // Behind the first sentence Node advises what helps with none of these commands.
    throw new Error((error as Error).message.split(". ")[0]);
  }
}
