import { WebgpuRnnError } from "../errors.ts";

/**
 * Lets an error of the engine name what the person at the command line gave, instead of the function that refused it.
 * @param what an option or a file
 */
export function naming<Result>(what: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof WebgpuRnnError)) throw error;
    throw new WebgpuRnnError(`${what}: ${error.message.replace(/^\w+: /, "")}`, { cause: error });
  }
}
