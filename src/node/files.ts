import { randomUUID } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { refuse } from "../errors.ts";

/** What the system says, in plain words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "a folder",
  EACCES: "a file that may not be read",
  EPERM: "a file that may not be read",
};

/**
 * @param expected what kind of file, for the message
 * @throws WebgpuRnnError when it cannot be read
 */
export async function readBytes(path: string, expected: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw refuse({ what: path, expected, got: REASONS[code] ?? message });
  }
}

/**
 * Makes sure that a file can be written, by writing beside it what `writeAtomically` will write.
 * @throws WebgpuRnnError when it cannot
 */
export async function checkWritable(path: string): Promise<void> {
  const expected = "a path that can be written";
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile()) {
    throw refuse({ what: path, expected, got: found.isDirectory() ? "a folder" : "no ordinary file" });
  }
  try {
    const beside = temporary(await behindLinks(path));
    await (await open(beside, "wx")).close();
    await rm(beside);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = code === "ENOENT" || code === "ENOTDIR";
    throw refuse({ what: path, expected, got: missing ? `no folder ${dirname(path)}` : message });
  }
}

/** Replaces a file as a whole, so that a crash leaves the old one or the new one; of several at once the last to end. */
export async function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const target = await behindLinks(path);
  const beside = temporary(target);
  try {
    await writeFile(beside, content, { flag: "wx" });
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw refuse({ what: path, expected: "to be written", got: (error as Error).message });
  }
}

/** In the same folder, since only there a rename is atomic; another for each write, since two may run at once. */
const temporary = (path: string): string => `${path}.${randomUUID()}.tmp`;

/** The file that a link names, so that the link stays one. */
const behindLinks = (path: string): Promise<string> => realpath(path).catch(() => path);

/** Whether two paths lead to one file that exists. */
export async function sameFile(path: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([path, other].map((given) => realpath(given).catch(() => undefined)));
  return first !== undefined && first === second;
}
