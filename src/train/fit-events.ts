/** What happens in training, in order. */
export type FitEvent =
  /** A step with its loss, told some steps later: nothing waits for it. */
  | { readonly kind: "step"; readonly step: number; readonly loss: number }
  /**
   * A step that changed no weight because its loss or gradient was not finite; told at most two steps later. Of steps that
   * share an update the one whose loss was not finite, or the last where it was the gradient alone.
   */
  | { readonly kind: "refused"; readonly step: number }
  /** The loss of the validation batches. */
  | { readonly kind: "validation"; readonly step: number; readonly loss: number }
  /** A validation loss below all before it, those of the runs before too. */
  | { readonly kind: "best"; readonly step: number; readonly loss: number }
  /** The learning rate is multiplied by this from now on. */
  | { readonly kind: "plateau"; readonly step: number; readonly factor: number }
  | EpochEvent
  /** The last event, and why. */
  | { readonly kind: "stopped"; readonly step: number; readonly reason: StopReason };

export interface EpochEvent {
  readonly kind: "epoch";
  /** From 1. */
  readonly epoch: number;
  readonly step: number;
  /** Mean of the losses of its steps that are finite. */
  readonly loss: number;
  /** Undefined where there is no validation. */
  readonly validationLoss: number | undefined;
  /** Of the validation loss, or else of the loss, in bits; undefined for losses that are no cross-entropy of ids. */
  readonly bitsPerCharacter: number | undefined;
}

export type StopReason = "epochs" | "steps" | "patience" | "signal" | "refused";
