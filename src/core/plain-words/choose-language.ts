/** Which language a prompt is in: the one that most of its letters are words of. English where that is no worse. */
import { createForeign, type NamesFile } from './foreign';
import { listen, type Lexicon, type Listened } from './lexicon';
import type { Word } from './words';

export interface Languages {
  /** @returns undefined where none understands so many letters of it */
  listen(words: readonly Word[], moreThan: number): Listened | undefined;
}

export function createLanguages({ subjects, languages }: NamesFile): Languages {
  const lexicons = new Map<string, Lexicon>();
  const lexiconOf = (language: string): Lexicon => {
    const lexicon = lexicons.get(language) ?? createForeign(language, languages[language], subjects);
    lexicons.set(language, lexicon);
    return lexicon;
  };
  return {
    listen(words, moreThan) {
      let best: { listened?: Listened; score: number } = { score: moreThan };
      for (const language of Object.keys(languages)) {
        const listened = listen(words, lexiconOf(language));
        const score = scoreOf(listened, languages[language].silent !== undefined);
        if (score > best.score) best = { listened, score };
      }
      return best.listened && namesSubject(best.listened) ? best.listened : undefined;
    },
  };
}

/** Factor for a language whose small words are not known: a prompt in another one looks like more of it than it is. */
const FEW_WORDS = 0.8;
/** Taken off a score for each phrase heard: among equal languages the one wins that hears fewer, longer ones. */
const LESS_A_WORD = 0.01;

function scoreOf({ heard, coverage }: Listened, hasSmallWords: boolean): number {
  return coverage * (hasSmallWords ? 1 : FEW_WORDS) - LESS_A_WORD * heard.length;
}

export function namesSubject({ heard }: Listened): boolean {
  return heard.some(({ meaning }) => meaning.kind === 'subject' || (meaning.kind === 'colour' && meaning.subject));
}
