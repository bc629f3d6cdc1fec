/** What a program says that is used after its end. */
export const DISPOSED = "this program has been disposed of. Create another.";

/** Fails unless `attempt` is refused with a message that begins as said. */
export async function expectRefusal(message: string, attempt: () => unknown): Promise<void> {
  try {
    await attempt();
  } catch (error) {
    if ((error as Error).name === "WebgpuRnnError" && (error as Error).message.startsWith(message)) return;
    throw error;
  }
  throw new Error(`not refused: ${message}`);
}
