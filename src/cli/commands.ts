import { type CAC, cac } from "cac";
import { version } from "../../package.json";
import { flagOf, markValues, type OptionTable, readOptions } from "./arguments.ts";
import { bench } from "./bench.ts";
import { info } from "./info.ts";
import { benchOptions, infoOptions, sampleOptions, trainOptions } from "./options.ts";
import { sample } from "./sample.ts";
import { train } from "./train.ts";
import { misuse } from "./usage-error.ts";

const NAME = "webgpu-rnn";

interface Command {
  /** How the argument stands in the usage; `<…>` must be given, `[…]` may be. */
  readonly argument?: string;
  readonly help: string;
  readonly options: OptionTable;
  /** @returns the exit code */
  run(argument: string | undefined, parsed: Readonly<Record<string, unknown>>): Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  train: {
    argument: "[FILE]",
    help: "Train a character model on a text in UTF-8, by default on a built-in corpus",
    options: trainOptions,
    run: (file, parsed) => train(file, readOptions(trainOptions, parsed)),
  },
  sample: {
    argument: "<CHECKPOINT>",
    help: "Write text with a trained model",
    options: sampleOptions,
    run: (checkpoint, parsed) => sample(checkpoint as string, readOptions(sampleOptions, parsed)),
  },
  info: {
    help: "Show the adapter, its features and limits, and test it against float64",
    options: infoOptions,
    run: (_, parsed) => info(readOptions(infoOptions, parsed)),
  },
  bench: {
    help: "Time training, inference and sampling on the adapter, over a few sizes",
    options: benchOptions,
    run: (_, parsed) => bench(readOptions(benchOptions, parsed)),
  },
};

const DESCRIPTION = "recurrent networks that train and run on the GPU";

const EXAMPLES = `  $ webgpu-rnn train book.txt --hidden 256 --layers 2 --out book.safetensors
  $ webgpu-rnn train book.txt --resume book.safetensors --steps 5000
  $ webgpu-rnn sample book.safetensors --prompt "Once upon" --temperature 0.7`;

const EXIT_CODES = `  0    done
  1    refused or failed; standard error says why, with a stack if DEBUG is set
  2    the command line is wrong
  130  stopped by Ctrl-C, or output read no more; train has written its checkpoint, if it made a step`;

/**
 * Runs what the command line asks for.
 * @param words those behind the name of the program
 * @returns the exit code
 * @throws UsageError when the command line is wrong
 */
export async function runCommand(words: readonly string[]): Promise<number> {
  const cli = describe();
  const table = COMMANDS[words[0] ?? ""]?.options ?? {};
  const { args, options } = cli.parse(["", "", ...markValues(words, table)], { run: false });
  const name = cli.matchedCommandName;
  if (options.help || (options.version && name === undefined)) return 0;
  const command = name === undefined ? undefined : COMMANDS[name];
  if (!command) {
    if (words.length === 0) {
      cli.outputHelp();
      return 0;
    }
    throw misuse({
      what: NAME,
      expected: `one of the commands ${Object.keys(COMMANDS).join(", ")}`,
      got: words[0] as string,
    });
  }
  const given = [...args, ...(options["--"] as string[])].map(String);
  const least = command.argument?.startsWith("<") ? 1 : 0;
  const most = command.argument ? 1 : 0;
  if (given.length < least || given.length > most) {
    const expected = command.argument ?? "nothing beside its options";
    throw misuse({ what: `${NAME} ${name}`, expected, got: given.join(" ") || "nothing" });
  }
  return command.run(given[0], options);
}

/** The commands as cac knows them, for parsing and for the help. */
function describe(): CAC {
  const cli = cac(NAME);
  for (const [name, { argument, help, options }] of Object.entries(COMMANDS)) {
    const command = cli.command([name, argument].filter(Boolean).join(" "), help, { ignoreOptionDefaultValue: true });
    for (const [key, option] of Object.entries(options)) {
      const value = option.argument ? ` <${option.argument}>` : "";
      command.option(`${flagOf(key)}${value}`, option.help, { default: option.fallback });
    }
  }
  cli.help(([name, ...sections]) => [
    { body: `${name?.body}: ${cli.matchedCommand?.description ?? DESCRIPTION}` },
    ...sections,
    { title: "Examples", body: EXAMPLES },
    { title: "Exit codes", body: EXIT_CODES },
  ]);
  return cli.version(version);
}
