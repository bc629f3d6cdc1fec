import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import { copyRows } from "./copy-rows.ts";

/** Where a state [B, W] lies. */
export interface StatePlace {
  readonly tensor: Tensor;
  /** Its first element. */
  readonly offset: number;
  readonly shape: readonly [batch: number, width: number];
}

/** Copies states [B, W] side by side into one [B, ΣW]; on the way back its gradient goes to theirs. */
export function handOver(recorder: Recorder, from: readonly StatePlace[], to: StatePlace): void {
  const [rows, stride] = to.shape;
  let column = 0;
  const copies = from.map(({ tensor, offset, shape: [, columns] }) => {
    const first = to.offset + column;
    column += columns;
    return { tensor, offset, columns, first };
  });
  for (const { tensor, offset, columns, first } of copies) {
    copyRows(recorder, {
      label: "hand_over",
      from: { tensor, first: offset },
      to: { tensor: to.tensor, first, stride },
      rows,
      columns,
    });
  }
  recorder.onBackward(() => {
    const dto = recorder.gradient(to.tensor);
    for (const { tensor, offset, columns, first } of copies) {
      copyRows(recorder, {
        label: "hand_over_gradient",
        from: { tensor: dto, first, stride },
        to: { tensor: recorder.gradient(tensor), first: offset },
        rows,
        columns,
        accumulate: true,
      });
    }
  });
}
