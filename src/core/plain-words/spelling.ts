/** Words that are nearly alike: letters left out, added, changed, or two that changed places. */

/** The optimal string alignment distance, or undefined where it is more than `most`. */
function editDistance(a: string, b: string, most: number): number | undefined {
  if (Math.abs(a.length - b.length) > most) return undefined;
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length] <= most ? last[b.length] : undefined;
}

/** So short a word is rather another one than misspelt. */
const SHORTEST = 4;
const LONG = 7;

/** How many letters may be wrong for the word to be taken for another. */
function forgiven(word: string): number {
  if (word.length < SHORTEST) return 0;
  return word.length >= LONG ? 2 : 1;
}

/** The name that a word was meant to be: the nearest with the same first letter, if no other is as near. */
export function meantBy(word: string, names: readonly string[]): string | undefined {
  const most = forgiven(word);
  let best: { names: string[]; distance: number } = { names: [], distance: most + 1 };
  for (const name of most === 0 ? [] : names) {
    // A word of four letters is only missing one: "card" is no car.
    if (name[0] !== word[0] || (word.length === SHORTEST && name.length <= SHORTEST)) continue;
    const distance = editDistance(word, name, most);
    if (distance === undefined || distance > best.distance) continue;
    best = { names: distance < best.distance ? [name] : [...best.names, name], distance };
  }
  return best.names.length === 1 ? best.names[0] : undefined;
}

/** Names to offer for words that are none: those that share a word, then the nearest. */
export function nearestNames(words: readonly string[], names: readonly string[], count: number): string[] {
  const scored = names.map((name) => ({ name, distance: Math.min(...words.map((word) => distanceTo(word, name))) }));
  return scored
    .filter(({ distance }) => Number.isFinite(distance))
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length)
    .slice(0, count)
    .map(({ name }) => name);
}

function distanceTo(word: string, name: string): number {
  if (word.length < SHORTEST) return Infinity;
  if (name.split(' ').includes(word)) return 0;
  return (name[0] === word[0] ? editDistance(word, name, Math.floor(word.length / 3)) : undefined) ?? Infinity;
}
