/** English with the names of a model's subjects: as they are, in the plural, misspelt. */
import { ENGLISH } from './english';
import type { Found, Lexicon } from './lexicon';
import type { Meaning } from './meanings';
import type { ReaderFacts } from './reader-facts';
import { singularsOf } from './singular';
import { meantBy } from './spelling';

const LONGEST = 5;

/** @param forgives  whether misspelt words are understood */
export function createEnglish(facts: ReaderFacts, forgives: boolean): Lexicon {
  const names = new Map<string, { subject: string; isKnown: boolean }>();
  for (const [name, subject] of facts.synonyms) names.set(name, { subject, isKnown: false });
  for (const [name, subject] of facts.taught) names.set(name, { subject, isKnown: true });
  const spellings = [...names.keys()].filter((name) => !name.includes(' '));
  return { longest: LONGEST, find };

  function find(phrase: string): Found | undefined {
    const exact = named(phrase) ?? described(phrase, facts);
    if (exact || !forgives) return exact;
    const singular = singularsOf(phrase)[0];
    const meant = phrase.includes(' ') ? undefined : meantBy(phrase, spellings);
    if (meant) return withSureness(named(meant), 0.5);
    const one = singular === undefined || phrase.includes(' ') ? undefined : meantBy(singular, spellings);
    return one === undefined ? undefined : withSureness(asPlural(named(one)), 0.5);
  }

  function named(phrase: string): Found | undefined {
    const name = names.get(phrase);
    // Names that are scenes too ("sea") are told apart by what else is there: see arrange.ts.
    if (name) return { meaning: { kind: 'subject', subject: phrase }, isKnown: name.isKnown, sureness: 1 };
    for (const singular of singularsOf(phrase)) {
      if (!names.has(singular) || ENGLISH.has(phrase)) continue;
      return { meaning: { kind: 'subject', subject: singular, isPlural: true }, isKnown: false, sureness: 1 };
    }
    return undefined;
  }
}

function asPlural(found: Found | undefined): Found | undefined {
  if (found?.meaning.kind !== 'subject') return found;
  return { ...found, isKnown: false, meaning: { ...found.meaning, isPlural: true } };
}

function withSureness(found: Found | undefined, sureness: number): Found | undefined {
  return found && { ...found, sureness, isKnown: false };
}

/** Small words that the model's captions have. */
const IN_CAPTIONS = new Set(['a', 'an', 'the', 'on']);
/** Relations that every model's captions have. */
const RELATIONS_IN_CAPTIONS = new Set(['and', 'next to', 'left of']);

function described(phrase: string, facts: ReaderFacts): Found | undefined {
  if (facts.styles.includes(phrase)) return { meaning: { kind: 'style', style: phrase }, isKnown: true, sureness: 1 };
  const shade = facts.backgrounds.includes(phrase) && phrase.includes(' ');
  if (shade) {
    const colour = phrase.split(' ').at(-1) ?? phrase;
    return { meaning: { kind: 'colour', colour, shade: phrase }, isKnown: true, sureness: 1 };
  }
  const meaning = ENGLISH.get(phrase);
  return meaning && { meaning, isKnown: isInCaptions(phrase, meaning, facts), sureness: 1 };
}

function isInCaptions(
  phrase: string,
  meaning: Meaning,
  { colours, sizes, sizesInPairs, relations, scenes, places }: ReaderFacts,
): boolean {
  switch (meaning.kind) {
    case 'colour':
      return phrase === meaning.colour && colours.includes(phrase);
    case 'size':
      return meaning.size === 'small'
        ? ['small', 'tiny'].includes(phrase) && sizes.includes(meaning.size)
        : phrase === 'big' && sizesInPairs.includes(meaning.size);
    case 'background':
      return phrase === 'background';
    case 'relation':
      return RELATIONS_IN_CAPTIONS.has(phrase) || relations.has(phrase);
    case 'scene':
      return scenes.get(meaning.scene)?.behind === phrase;
    case 'place':
      return places.includes(phrase);
    default:
      return IN_CAPTIONS.has(phrase);
  }
}
