/** "Steps 18 · Sampler Euler a · Seed 77": names and values with nothing between. */
import { labelOf } from './words-of-labels';

const SPACED = /^[^\n]{0,300}[·•|][^\n]{0,300}$/gm;

/** Lines of such pairs, parted by dots or bars, as A1111 writes pairs. */
export function spacedPairs(text: string): string {
  if (/steps\s*[:=]/i.test(text) || !/(?<!\p{L})steps \d/iu.test(text)) return text;
  return text.replace(SPACED, (line) => {
    const pairs = line.split(/\s*[·•|]\s*/).map(spacedPair);
    return pairs.length > 2 && !pairs.includes(undefined) ? pairs.join(', ') : line;
  });
}

/** The longest name of a key that the piece begins with; undefined where it begins with none. */
export function spacedPair(piece: string): string | undefined {
  const words = piece.trim().split(/\s+/);
  for (let count = Math.min(3, words.length - 1); count > 0; count--) {
    const key = labelOf(words.slice(0, count).join(' '));
    if (typeof key === 'object') return `${key.key}: ${words.slice(count).join(' ')}`;
  }
  return undefined;
}
