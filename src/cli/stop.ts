/** The exit code of what was stopped: 128 + 2, as shells report a process that SIGINT has ended. */
export const STOPPED = 130;

/**
 * Lets things end cleanly: by the first Ctrl-C (a second one ends the process at once), or once nobody reads standard
 * output any more, as behind `| head`.
 * @returns aborted by either
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    controller.abort();
  });
  return controller.signal;
}
