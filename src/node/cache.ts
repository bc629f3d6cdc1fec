import { mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Cache } from "../gpu/choices.ts";
import { writeAtomically } from "./files.ts";

/** A folder of the user for what can be made again: as the XDG base directories have it, on Windows LOCALAPPDATA. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME = "", LOCALAPPDATA } = process.env;
  const windows = process.platform === "win32" ? LOCALAPPDATA : undefined;
  const folder = windows ?? (isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), ".cache"));
  return join(folder, "webgpu-rnn");
}

const pathOf = (adapter: string): string => join(cacheFolder(), `${adapter.replace(/[^a-z0-9]+/gi, "-")}.json`);

/** A file for each adapter. */
export const folderCache: Cache = {
  read: (adapter) => readFile(pathOf(adapter), "utf8"),
  async write(adapter, text) {
    await mkdir(cacheFolder(), { recursive: true });
    await writeAtomically(pathOf(adapter), text);
  },
};
