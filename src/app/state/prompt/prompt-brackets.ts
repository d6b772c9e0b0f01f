/** Finds the brackets of a prompt that belong together. */

/** Where a pair opens and closes. */
export interface Pair {
  kind: '(' | '[' | '<';
  open: number;
  close: number;
}

/** Preceded by an odd number of backslashes: a letter like any other. */
function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charAt(at - 1 - backslashes) === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

/** Places of the brackets that are not escaped. */
export function bracketPlaces(text: string): number[] {
  return [...text.matchAll(/[()[\]<>]/g)].map(({ index }) => index).filter((at) => !isEscaped(text, at));
}

/** Each kind is matched by itself, as A1111 does it; a bracket without its other half is in no pair. */
export function bracketPairs(text: string): Pair[] {
  const pairs: Pair[] = [];
  const open = { '(': [] as number[], '[': [] as number[], '<': [] as number[] };
  const close = (kind: Pair['kind'], at: number): void => {
    const start = open[kind].pop();
    if (start !== undefined) pairs.push({ kind, open: start, close: at });
  };
  for (const at of bracketPlaces(text)) {
    const letter = text.charAt(at);
    if (letter === '(' || letter === '[' || letter === '<') open[letter].push(at);
    else close(letter === ')' ? '(' : letter === ']' ? '[' : '<', at);
  }
  return pairs;
}
