import { basename, dirname, relative } from "node:path";

/**
 * How this program was called, so that the commands that it suggests can be copied as they are.
 * @param script path of the running script, as in `process.argv[1]`
 */
export function invocation(script: string, folder: string): string {
  const name = "webgpu-rnn";
  if (basename(script) !== name) return `node ${quoted(relative(folder, script))}`;
  return basename(dirname(script)) === ".bin" ? `npx ${name}` : name;
}

/** A word as a POSIX shell reads it. */
export const quoted = (word: string): string =>
  /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
