/** "Steps 18 · Sampler Euler a · Seed 77": names and values with nothing between. */
import { labelOf } from './words-of-labels';

const SPACED = /^[^\n]{0,300}[·•|][^\n]{0,300}$/gm;

/** Lines of such pairs, parted by dots or bars, as A1111 writes pairs; some may have their colons. */
export function spacedPairs(text: string): string {
  if (!/(?<!\p{L})steps[ \t]{0,4}[:=]?[ \t]{0,4}\d/iu.test(text)) return text;
  return text.replace(SPACED, (line) => {
    // Names of models have bars without spaces.
    const pieces = line.split(/\s*[·•]\s*|\s+\|\s+/);
    const spaced = pieces.map((piece) => (piece.includes(':') ? undefined : spacedPair(piece)));
    const pairs = pieces.map((piece, i) => spaced[i] ?? (isPair(piece) ? piece : undefined));
    const isMeant = pairs.length > 2 && spaced.some((pair) => pair !== undefined) && !pairs.includes(undefined);
    return isMeant ? pairs.join(', ') : line;
  });
}

/** "Seed: 77". */
function isPair(piece: string): boolean {
  const [, name] = /^\s{0,8}([^:]{1,40}):\s*\S/.exec(piece) ?? [];
  return name !== undefined && typeof labelOf(name.trim()) === 'object';
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
