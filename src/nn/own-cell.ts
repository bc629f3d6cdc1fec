import { wholeNumbers } from "../check.ts";
import { refuse } from "../errors.ts";
import type { Cell } from "../ops/cells.ts";
import type { Layer } from "./layer.ts";
import { recurrentLayers } from "./recurrent.ts";
import { givenOptions, type RecurrentOptions, writtenOut } from "./recurrent-options.ts";

/**
 * Layers of a cell of your own: [T, B, I] → [T, B, D·H]. Parameters as {@link lstm} has them, G·H rows: `weight_ih_l<k>`
 * [G·H, I], `weight_hh_l<k>` [G·H, H], `bias_ih_l<k>` and `bias_hh_l<k>` [G·H], uniform in ±1/√H at the start. A file
 * describes no such layer: load its weights into a model that you describe.
 * @param cell as {@link defineCell} gives it
 * @param inputs I
 * @param hidden H, of all layers or of each
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536 or an option is out of its range
 */
export function recurrent(
  cell: Cell,
  inputs: number,
  hidden: number | readonly number[],
  options: RecurrentOptions = {},
): Layer {
  if (cell?.kind !== "own") {
    throw refuse({ what: "recurrent: cell", expected: "a cell that defineCell gave", got: String(cell?.name ?? cell) });
  }
  const written = writtenOut("recurrent", options, []);
  wholeNumbers("recurrent", { inputs });
  const config = { cell: cell.name, inputs, hidden, ...givenOptions(written) };
  return recurrentLayers({ kind: "recurrent", cell, inputs, hidden, options: written, config });
}
