/** Words that a model was given from outside, names of embeddings: no reader knows them, and no reading drops them. */

export interface Parted {
  /** The text without them, a comma in the place of each between others. */
  rest: string;
  /** Own words as typed, with their weights. */
  own: string[];
}

export function partOwnWords(text: string, names: readonly string[]): Parted {
  const found = names.filter((name) => text.toLowerCase().includes(name.toLowerCase()));
  if (found.length === 0) return { rest: text, own: [] };
  const any = found
    .toSorted((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|');
  const word = `(?<![\\p{L}\\p{N}_-])(?:embedding:)?(?:${any})(?![\\p{L}\\p{N}_-])`;
  const own: string[] = [];
  const rest = text.replace(new RegExp(`\\(${word}(?::\\s*-?\\d*\\.?\\d+)?\\)|${word}`, 'giu'), (one) => {
    own.push(one);
    return ',';
  });
  if (own.length === 0) return { rest: text, own };
  return { rest: rest.replace(/^[\s,]+|[\s,]+$/g, ''), own };
}
