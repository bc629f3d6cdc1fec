/** Three significant digits, thousands apart; a dash where there is nothing to tell. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));
}

export const percent = (share: number): string => (Number.isFinite(share) ? `${Math.round(100 * share)}%` : "–");

/** Whether a cell holds a number, or the dash where there is none. */
export const isFigure = (cell: string): boolean => /^[-+]?[\d.,]+(e[-+]?\d+)?%?$|^–$/.test(cell);

/** Rows under a head, two spaces between the columns; a column of figures is right-aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = head.map((title, c) => {
    const cells = rows.map((row) => row[c] ?? "");
    const width = Math.max(title.length, ...cells.map((cell) => cell.length));
    const numeric = cells.length > 0 && cells.every(isFigure);
    return [title, ...cells].map((cell) => (numeric ? cell.padStart(width) : cell.padEnd(width)));
  });
  return [head, ...rows]
    .map((_, r) =>
      columns
        .map((column) => column[r])
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
