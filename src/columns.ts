/**
 * Lines of a table: cells padded to the widest of their column, two spaces apart. Numbers lie to the right.
 * @param rows the first may be a head; all as long as the first
 */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)));
  const pad = (cell: string, c: number): string => {
    const width = widths[c] ?? 0;
    return /^[\d,.]+( ms)?$/.test(cell) ? cell.padStart(width) : cell.padEnd(width);
  };
  return rows.map((row) => row.map(pad).join("  ").trimEnd());
}
