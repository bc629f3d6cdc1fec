import type { Cell } from "../ops/cells.ts";
import { gru } from "./cell/gru.ts";
import { gruBefore } from "./cell/gru_before.ts";
import { lstm } from "./cell/lstm.ts";
import { mgu } from "./cell/mgu.ts";
import { rnn } from "./cell/rnn.ts";
import { rolesOf } from "./cell/roles.ts";
import type { CellTwin } from "./twin.ts";

/** The twin of each cell with a file in `shaders/cell`, by the file's name. */
export const cellTwins: Readonly<Record<string, (cell: Cell) => CellTwin>> = {
  gru,
  gru_before: gruBefore,
  lstm,
  mgu,
  rnn,
};

/** The twin of a cell with its options and activations, and of the projection behind it. */
export function cellTwin(cell: Cell): CellTwin {
  const twin = cellTwins[cell.kind]?.(cell);
  if (!twin) throw new Error(`internal: the cell ${cell.name} has no twin`);
  return cell.second === "projects" ? { ...twin, second: project(cell) } : twin;
}

/** Twin of `shaders/shared/project.wgsl`. */
function project(cell: Cell): NonNullable<CellTwin["second"]> {
  const role = rolesOf(cell);
  return {
    forward({ r }, direction) {
      const h = role("out", direction).value(r);
      return { h, saved: h };
    },
    backward: ({ saved, dh }, direction) => ({
      dr: dh * role("out", direction).derivative(saved),
      carry: 0,
      dprevious: 0,
    }),
  };
}
