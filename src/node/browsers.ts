import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "microsoft-edge"];

/**
 * The browsers of Chromium's family that are on this machine: those that the environment names
 * (`PUPPETEER_EXECUTABLE_PATH`, `CHROME_PATH`), then those on the `PATH`, then those that puppeteer knows.
 * @returns paths of executables, best first
 */
export async function findBrowsers(): Promise<string[]> {
  const { PUPPETEER_EXECUTABLE_PATH, CHROME_PATH } = process.env;
  const paths = [PUPPETEER_EXECUTABLE_PATH, CHROME_PATH, ...onPath(NAMES), ...(await knownToPuppeteer())];
  return [...new Set(paths)].filter((path) => path !== undefined && existsSync(path)) as string[];
}

/** @returns the files of these names in the directories of the `PATH` */
export function onPath(names: readonly string[]): string[] {
  const directories = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).filter(existsSync);
}

/** Its own download, and the Chrome in this system's standard place; none where puppeteer is not installed. */
async function knownToPuppeteer(): Promise<string[]> {
  try {
    const { default: puppeteer } = await import("puppeteer");
    return [() => puppeteer.executablePath(), () => puppeteer.executablePath("chrome")].flatMap((find) => {
      try {
        return [find()];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
