/** A reading in a sentence for people. */
import type { PlainReading } from './read-plainly';

const MOST_WORDS = 8;

/** Whether a sentence said under a picture is one of these. */
export function isReadingNotice(notice: string): boolean {
  return notice.startsWith(DRAWN_AS) || notice.includes(KNOWS_NOTHING);
}

const DRAWN_AS = 'Drawn as: ';
const KNOWS_NOTHING = ' knows nothing of this: ';

/** Undefined where there is nothing to say: the model draws what is written. */
export function sayReading(
  { draws, leftOut, isAsTyped, isUnknown, nearest }: PlainReading,
  model: string,
): string | undefined {
  if (isAsTyped) return undefined;
  if (isUnknown) {
    const near = nearest.length > 0 ? ` Nearest to it: ${nearest.join(', ')}.` : '';
    return `${model}${KNOWS_NOTHING}what it paints is a guess.${near}`;
  }
  const more = leftOut.length - MOST_WORDS;
  const named = leftOut.slice(0, MOST_WORDS).join(', ');
  const out = leftOut.length === 0 ? '' : ` Left out: ${named}${more > 0 ? ` and ${more} more` : ''}.`;
  return `${DRAWN_AS}${draws}.${out}`;
}
