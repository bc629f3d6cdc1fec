/** Where a measurement tells of itself while it goes on. */
export interface Listener<Result> {
  /** Takes words of what was measured. */
  print(text: string): void;
  /** Takes a line of what comes next, which is no part of what was measured. */
  progress(text: string): void;
  /** Takes all that was measured so far, in place of what it took before: should the run be stopped, that is kept. */
  sofar(result: Result): void;
}
