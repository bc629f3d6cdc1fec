import { refuse } from "../errors.ts";

/** The exit code of what was stopped: 128 + 2, as shells report a process that SIGINT has ended. */
export const STOPPED = 130;

/**
 * Lets things end cleanly: by the first Ctrl-C or SIGTERM (a second one ends the process at once), or once standard
 * output takes no more, as behind `| head` or on a full disk.
 * @returns aborted by any of them
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  process.once("SIGTERM", () => controller.abort());
  process.stdout.on("error", (error) => controller.abort(error));
  return controller.signal;
}

/** @throws WebgpuRnnError when standard output could not be written, but for a reader who has gone */
export function throwWriteError({ reason }: AbortSignal): void {
  const { code, syscall, message } = (reason ?? {}) as NodeJS.ErrnoException;
  if (syscall !== "write" || code === "EPIPE") return;
  throw refuse({ what: "standard output", expected: "to be written", got: message });
}
