const SMALL =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** The English name of a whole number from 0 to 999,999. */
function inWords(number: number): string {
  if (number < 20) return SMALL[number] as string;
  if (number < 100) return join(TENS[Math.floor(number / 10) - 2] as string, number % 10, "-");
  if (number < 1000) return join(`${inWords(Math.floor(number / 100))} hundred`, number % 100, " and ");
  return join(`${inWords(Math.floor(number / 1000))} thousand`, number % 1000, " ");
}

/** Additions without end: a text whose spelling is learned in a minute and whose sense is not. */
export function numbersInWords(lines: number): string {
  // Steps that share no factor with the moduli visit all remainders in an order that looks shuffled, the same every time.
  const sums = Array.from({ length: lines }, (_, i) => [(i * 617) % 1000, (i * 389) % 97] as const);
  return sums.map(([a, b]) => `${inWords(a)} plus ${inWords(b)} is ${inWords(a + b)}.\n`).join("");
}

function join(head: string, rest: number, link: string): string {
  return rest === 0 ? head : head + link + inWords(rest);
}
