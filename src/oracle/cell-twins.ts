import type { Cell } from "../ops/cells.ts";
import { rolesOf } from "./cell/roles.ts";
import type { CellTwin } from "./twin.ts";

/** The twin of each cell with a file in `shaders/cell`, by the file's name. */
const TWINS: Record<string, (cell: Cell) => CellTwin> = import.meta.glob(["./cell/*.ts", "!./cell/roles.ts"], {
  import: "twin",
  eager: true,
});

/** The twin of a cell with its options and activations, and of the projection behind it. */
export function cellTwin(cell: Cell): CellTwin {
  const twin = TWINS[`./cell/${cell.kind}.ts`]?.(cell);
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
