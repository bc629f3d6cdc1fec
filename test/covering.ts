/** The values that each setting may have. */
export type Settings = Readonly<Record<string, readonly string[]>>;

/** One value for each setting. */
export type Choice<Of extends Settings> = { readonly [Name in keyof Of]: Of[Name][number] };

/** Whether a choice, of which some settings may still be missing, makes sense. */
export type Allowed<Of extends Settings> = (choice: Partial<Choice<Of>>) => boolean;

type Partly = Readonly<Record<string, string>>;

/**
 * A short list of choices in which every two values of two settings meet, wherever they may: pairwise testing. Each
 * choice begins with a pair that has not met and takes, setting by setting, the value that meets most others anew.
 */
export function covering<Of extends Settings>(settings: Of, allowed: Allowed<Of>): Choice<Of>[] {
  const missing = new Set(pairsOf(settings, allowed).map(keyOf));
  const choices: Choice<Of>[] = [];
  for (const start of pairsOf(settings, allowed)) {
    if (!missing.has(keyOf(start))) continue;
    const choice = grown(settings, start, allowed as Allowed<Settings>, missing);
    for (const pair of pairsWithin(choice)) missing.delete(pair);
    choices.push(choice as Choice<Of>);
  }
  return choices;
}

/** Every two values of two settings that may meet. */
export function pairsOf<Of extends Settings>(settings: Of, allowed: Allowed<Of>): Partly[] {
  const singles = Object.entries(settings).flatMap(([name, values]) => values.map((value) => ({ name, value })));
  return singles.flatMap((a) =>
    singles
      .filter((b) => a.name < b.name)
      .map((b): Partly => ({ [a.name]: a.value, [b.name]: b.value }))
      .filter((pair) => allowed(pair as Partial<Choice<Of>>)),
  );
}

/** @throws Error where the settings so far leave no value of another one */
function grown(settings: Settings, start: Partly, allowed: Allowed<Settings>, missing: ReadonlySet<string>): Partly {
  let choice = start;
  for (const [name, values] of Object.entries(settings)) {
    if (name in choice) continue;
    const wider = values.map((value): Partly => ({ ...choice, [name]: value })).filter((next) => allowed(next));
    const gain = (next: Partly): number => pairsWithin(next).filter((pair) => missing.has(pair)).length;
    const [best] = wider.map((next) => ({ next, gain: gain(next) })).sort((x, y) => y.gain - x.gain);
    if (!best) throw new Error(`no ${name} goes with ${JSON.stringify(choice)}`);
    choice = best.next;
  }
  return choice;
}

function pairsWithin(choice: Partly): string[] {
  const entries = Object.entries(choice);
  return entries.flatMap(([a, x]) => entries.filter(([b]) => a < b).map(([b, y]) => keyOf({ [a]: x, [b]: y })));
}

const keyOf = (pair: Partly): string =>
  Object.entries(pair)
    .map(([name, value]) => `${name} ${value}`)
    .sort()
    .join(", ");
