/** A mistake that the caller can repair: a wrong argument, a text too short, a damaged file. */
export class WebgpuRnnError extends Error {
  override readonly name = "WebgpuRnnError";
}

/** The parts of a refusal; each is a phrase without a final stop. */
export interface Refusal {
  /** What refuses: a function, an option or a tensor, e.g. `streams`. */
  what: string;
  /** What would have been accepted, with its numbers. */
  expected: string;
  /** What was given instead, with its numbers. */
  got: string;
  /** What the caller can do about it; left out where `expected` says it all. */
  cure?: string;
}

/**
 * Builds the one form of message that people meet: `what: expected ..., got .... cure.`
 * @returns an error to throw: `throw refuse({ what, expected, got, cure })`
 */
export function refuse({ what, expected, got, cure }: Refusal): WebgpuRnnError {
  const advice = cure === undefined ? "" : ` ${cure.charAt(0).toUpperCase()}${cure.slice(1)}.`;
  return new WebgpuRnnError(`${what}: expected ${expected}, got ${got}.${advice}`);
}
