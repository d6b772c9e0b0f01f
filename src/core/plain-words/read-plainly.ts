/** What of a prompt a model that knows few sentences can draw. */
import { arrange } from './arrange';
import { namesSubject, type Languages } from './choose-language';
import { createEnglish } from './english-lexicon';
import { listen, type Lexicon, type Listened } from './lexicon';
import type { Heard } from './meanings';
import { partOwnWords } from './own-words';
import { phraseDrawn, phraseUnderstood } from './phrase';
import type { ReaderFacts } from './reader-facts';
import { nearestNames } from './spelling';
import { wordsOf, type Word } from './words';

export interface PlainReading {
  /** What was understood, in English. Empty where nothing was. */
  reads: string;
  /** What the model is given: the prompt as typed where it knows all of that, or nothing of it. */
  draws: string;
  /** Words as typed that no part of the picture shows. */
  leftOut: readonly string[];
  /** The prompt goes through as it was typed, since the model knows it. */
  isAsTyped: boolean;
  /** No subject of the model is in it. */
  isUnknown: boolean;
  /** Names that are nearly like those in a prompt without a subject. */
  nearest: readonly string[];
}

/** Fetches the other languages; undefined where they cannot be had. */
export type GetLanguages = () => Promise<Languages | undefined>;

export interface PlainReader {
  /** @param names  of embeddings: words of the model that are kept as they are */
  read(text: string, names?: readonly string[]): Promise<PlainReading>;
}

/** So much of the letters must be English for the prompt to be read as that alone. */
const ENOUGH = 0.6;
/** By how much more coverage another language must be the better one where English names a subject. */
const CLEARLY = 0.15;
const NEAREST = 3;

export function createPlainReader(facts: ReaderFacts, openLanguages: GetLanguages): PlainReader {
  let languages: Promise<Languages | undefined> | undefined;
  const getLanguages: GetLanguages = () =>
    (languages ??= openLanguages().then((opened) => {
      // There may be a network again at the next word.
      if (!opened) languages = undefined;
      return opened;
    }));
  const strict = createEnglish(facts, false);
  const forgiving = createEnglish(facts, true);
  const readAll = async (text: string): Promise<PlainReading> => {
    const words = wordsOf(text);
    const { heard } = await understand(words, strict, forgiving, getLanguages);
    const letters = words.filter(({ plain }) => plain !== ',');
    if (letters.length === 0) return asTyped(text, '');
    const arranged = arrange(heard, facts);
    const reads = phraseUnderstood(arranged, facts);
    if (arranged.things.length === 0 && arranged.scene !== undefined) {
      const draws = facts.scenes.get(arranged.scene)?.alone ?? text;
      const leftOut = inOrder([...arranged.leftOut, ...(arranged.place === undefined ? [] : [arranged.place])], text);
      return { reads, draws, leftOut: leftOut.map(bare), isAsTyped: false, isUnknown: false, nearest: [] };
    }
    if (arranged.things.length === 0) return unknown(text, reads, arranged.leftOut, heard, facts);
    const { text: drawn, lost } = phraseDrawn(arranged, facts);
    const leftOut = inOrder([...arranged.leftOut, ...lost], text).map(bare);
    // A full stop at the end is none of the model's words, but does no harm.
    const isKnown = heard.every((one, i) => one.isKnown || (one.meaning.kind === 'stop' && i === heard.length - 1));
    if (leftOut.length === 0 && ((isKnown && arranged.things.length <= 2) || drawn === text.trim().toLowerCase()))
      return asTyped(text, reads);
    return { reads, draws: drawn, leftOut, isAsTyped: false, isUnknown: false, nearest: [] };
  };
  return {
    async read(text, names = []) {
      const { rest, own } = partOwnWords(text, names);
      const reading = await readAll(rest);
      if (own.length === 0) return reading;
      const isWhole = reading.isAsTyped || reading.isUnknown;
      return { ...reading, draws: isWhole ? text : [reading.draws, ...own].join(', ') };
    },
  };
}

async function understand(
  words: readonly Word[],
  strict: Lexicon,
  forgiving: Lexicon,
  getLanguages: GetLanguages,
): Promise<Listened> {
  const english = listen(words, strict);
  const letters = words.reduce((sum, { plain }) => sum + (plain === ',' ? 0 : plain.length), 0);
  if (english.coverage === letters) return english;
  const forgiven = listen(words, forgiving);
  const isEnglish = namesSubject(english) && english.coverage > letters * ENOUGH;
  const needed = forgiven.coverage + (namesSubject(english) ? letters * CLEARLY : 0);
  return (isEnglish ? undefined : (await getLanguages())?.listen(words, needed)) ?? forgiven;
}

function asTyped(text: string, reads: string): PlainReading {
  return { reads, draws: text, leftOut: [], isAsTyped: true, isUnknown: false, nearest: [] };
}

function unknown(
  text: string,
  reads: string,
  leftOut: readonly string[],
  heard: readonly Heard[],
  facts: ReaderFacts,
): PlainReading {
  const words = heard.filter(({ meaning }) => meaning.kind === 'unknown').map((one) => one.words.toLowerCase());
  const nearest = nearestNames(words, [...facts.taught.keys()], NEAREST);
  return { reads, draws: text, leftOut, isAsTyped: false, isUnknown: true, nearest };
}

/** Words without an article before or "of" behind them: "a flock of" → "flock". */
function bare(words: string): string {
  return words.replace(/^(?:a|an|the) (?=.)/iu, '').replace(/(?<=.) of$/iu, '');
}

/** Words in the order in which they stand in the text, each once. */
function inOrder(words: readonly string[], text: string): string[] {
  const plain = text.toLowerCase();
  const at = (word: string): number => plain.indexOf(word.toLowerCase());
  return [...new Set(words)].sort((a, b) => at(a) - at(b));
}
