/** The vocabulary of tests: a word is one token, by its letters, as in tools/fixtures/{prompt_contexts,make_pipelines}.py. */
import type { Tokenizer } from '../../src/core/tokenizer';

const COMMA = 267;
const START = 298;
const END = 299;

export function createWordTokenizer(padId = END): Tokenizer {
  return {
    encode: (text) =>
      (text.match(/,|[^\s,]+/g) ?? []).map((word) =>
        word === ',' ? COMMA : [...word].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 250,
      ),
    startId: START,
    endId: END,
    padId,
    commaId: COMMA,
    contextLength: 77,
  };
}
