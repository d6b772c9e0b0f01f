/** The three parts of an infotext, found as A1111 finds them. */
import { trimSpace } from '../../prompt/characters';
import { scanPairs, type Pair } from './scan-pairs';

export interface InfotextParts {
  prompt: string;
  negativePrompt: string;
  /** Empty where the last line is no line of parameters. */
  pairs: Pair[];
}

const NEGATIVE = 'Negative prompt:';
const LEAST_PAIRS = 3;

/** @see A1111 modules/infotext_utils.py, parse_generation_parameters */
export function splitInfotext(text: string): InfotextParts {
  const lines = trimSpace(text).split('\n');
  let pairs = scanPairs(lines[lines.length - 1]);
  if (pairs.length < LEAST_PAIRS) pairs = [];
  else lines.pop();
  const prompt: string[] = [];
  const negative: string[] = [];
  let part = prompt;
  for (const line of lines.map(trimSpace)) {
    if (line.startsWith(NEGATIVE)) part = negative;
    const written = line.startsWith(NEGATIVE) ? trimSpace(line.slice(NEGATIVE.length)) : line;
    // A1111 joins with a line break only to a text that is not empty.
    if (part.length > 0 || written !== '') part.push(written);
  }
  return { prompt: prompt.join('\n'), negativePrompt: negative.join('\n'), pairs };
}
