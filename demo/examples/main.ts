/** Runs the example that is named on the command line. */
const examples = import.meta.glob(["./*.ts", "!./main.ts", "!./vite.config.ts"]);

const [, , name] = process.argv;
const run = examples[`./${name}.ts`];
if (run) await run();
else
  console.error(
    `npm run example -- NAME, one of\n${Object.keys(examples)
      .join("\n")
      .replaceAll(/\.\/|\.ts/g, "")}`,
  );
