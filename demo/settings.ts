/** What the address of the page remembers, so that a link shows another person the same. */
export interface Settings {
  /** The id of a built-in text; none for a text of one's own. */
  text: string;
  hidden: number;
  rate: number;
  temperature: number;
  prompt: string;
}

/** @param hash as `location.hash`; fields that are missing or no numbers are left out */
export function readSettings(hash: string): Partial<Settings> {
  const fields = new URLSearchParams(hash.slice(1));
  const settings: Partial<Settings> = {};
  for (const name of ["text", "prompt"] as const) {
    const value = fields.get(name);
    if (value !== null) settings[name] = value;
  }
  for (const name of ["hidden", "rate", "temperature"] as const) {
    const value = Number.parseFloat(fields.get(name) ?? "");
    if (Number.isFinite(value)) settings[name] = value;
  }
  return settings;
}

/** The inverse of {@link readSettings}. */
export function writeSettings(settings: Settings): string {
  const fields = Object.entries(settings).map(([name, value]) => [name, String(value)]);
  return `#${new URLSearchParams(fields)}`;
}
