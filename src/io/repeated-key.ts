/**
 * Finds a key that stands twice in one object of a JSON text; `JSON.parse` would silently keep the last of them.
 * @param json a text that `JSON.parse` accepts
 * @returns the first such key, or undefined when there is none
 */
export function repeatedKey(json: string): string | undefined {
  const objects: Set<string>[] = [];
  for (let at = 0; at < json.length; at++) {
    const mark = json[at];
    if (mark === "{") objects.push(new Set());
    else if (mark === "}") objects.pop();
    else if (mark === '"') {
      const end = endOfString(json, at);
      const keys = objects.at(-1);
      if (keys !== undefined && followedByColon(json, end)) {
        const key: string = JSON.parse(json.slice(at, end));
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** The place behind the closing quote of the string that opens at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at + 1;
}

function followedByColon(json: string, end: number): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = end;
  return colon.test(json);
}
