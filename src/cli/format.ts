/** Figures as people read them. */

export const formatCount = (value: number): string => Math.round(value).toLocaleString("en-US");

/** Three decimals are what two runs are told apart by. */
export const formatLoss = (nats: number): string => nats.toFixed(3);

/** The same loss in bits, as compression is measured. */
export const formatBits = (nats: number): string => (nats / Math.LN2).toFixed(2);

/** `7:05`, with hours `1:02:03`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `0.8 s`, `48 s`, `2 min 31 s`, `1 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Lines of names and values, the values below each other. */
export function formatColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

/** Shortens the lines that are longer than a terminal is wide. */
export const cutLines = (text: string, columns: number): string =>
  text
    .split("\n")
    .map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line))
    .join("\n");
