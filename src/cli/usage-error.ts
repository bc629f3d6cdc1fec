import { type Refusal, refuse, WebgpuRnnError } from "../errors.ts";

/** A command line that cannot be understood or contradicts itself; ends with exit code 2. */
export class UsageError extends WebgpuRnnError {}

/** As `refuse`, for a mistake in the command line itself. */
export const misuse = (refusal: Refusal): UsageError => new UsageError(refuse(refusal).message);
