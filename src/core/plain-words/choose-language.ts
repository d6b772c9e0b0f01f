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
      let best: Listened | undefined;
      for (const language of Object.keys(languages)) {
        const listened = listen(words, lexiconOf(language));
        if (listened.coverage > (best?.coverage ?? moreThan) && namesSubject(listened)) best = listened;
      }
      return best;
    },
  };
}

export function namesSubject({ heard }: Listened): boolean {
  return heard.some(({ meaning }) => meaning.kind === 'subject');
}
