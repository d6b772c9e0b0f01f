/** Finds what JSON.parse hides: a key that stands twice in the same object, of which it keeps the last. */

/** Strings (with their escapes) and the marks that open and close; numbers, words and blanks are skipped. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]/gs;

/** How deep the objects are that are looked at: the header's own keys, and those of each entry. */
const MAX_DEPTH = 2;

/** @param json sound JSON text @returns the first key of the upper two levels that is there twice */
export function duplicateKey(json: string): string | undefined {
  /** For each open bracket the keys so far, or undefined in a list. */
  const open: (Set<string> | undefined)[] = [];
  let isKeyNext = false;
  for (const [token] of json.matchAll(TOKEN)) {
    const keys = open.at(-1);
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ',' && isKeyNext && keys && open.length <= MAX_DEPTH) {
      const key = JSON.parse(token) as string;
      if (keys.has(key)) return key;
      keys.add(key);
    }
    isKeyNext = token === '{' || (token === ',' && open.at(-1) !== undefined);
  }
  return undefined;
}
