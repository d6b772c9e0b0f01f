/** An arrangement in words: as it was understood, and as the model was taught to draw it. */
import type { Arranged, Thing } from './arrange';
import { NUMBER_WORDS } from './english';
import type { ReaderFacts } from './reader-facts';
import { pluralOf } from './singular';

/** "three small cats wearing a hat": English, whatever was typed. */
export function phraseUnderstood(
  { things, relations, scenes, background, place }: Arranged,
  facts: ReaderFacts,
): string {
  const phrases = things.map((thing) => {
    const { size, colour, name, style } = thing;
    const words = [numberOf(thing), size, style, colour, thing.count === 1 ? name : pluralOf(name)];
    const phrase = words.filter((word) => word !== undefined && word !== '').join(' ');
    return thing.count === 1 ? withArticle(phrase, facts) : phrase;
  });
  const placed = place === undefined ? [] : [place];
  const joined = [...phrases.map((phrase, i) => (i === 0 ? phrase : `${relations[i - 1]} ${phrase}`)), ...placed].join(
    ' ',
  );
  const where = scenes.length > 0 ? scenes.join(', ') : background && `on ${articled(background)} background`;
  return [joined, where].filter(Boolean).join(scenes.length > 0 && joined !== '' ? ', ' : ' ');
}

function numberOf({ count }: Thing): string {
  return count > 3 ? 'many' : (NUMBER_WORDS[count] ?? '');
}

export interface Drawn {
  text: string;
  /** What the picture does not show of the things. */
  lost: string[];
}

/** Most things that the model sets side by side. */
const MOST = 2;

/** "a cat wearing a hat on a blue background": a sentence of the model's captions. */
export function phraseDrawn(arranged: Arranged, facts: ReaderFacts): Drawn {
  const { things, relations, place } = arranged;
  const lost: string[] = [];
  if (things.length === 1 && things[0].count !== 1 && facts.pieces > 1)
    return phraseCounted(arranged, things[0], facts);
  const shown: Thing[] = [];
  for (const thing of things) {
    const wanted = thing.count === 1 ? 1 : MOST;
    const room = Math.min(things.length > 1 ? 1 : MOST, MOST - shown.length, wanted);
    if (room === 0) lost.push(thing.words.join(' '));
    else if (thing.count > room) lost.push(thing.words[0]);
    for (let i = 0; i < room; i++) shown.push(thing);
  }
  const isAlone = shown.length === 1;
  const phrases = shown.map((thing, i) => {
    const { phrase, lost: more } = phraseOf(thing, facts, isAlone);
    if (shown.indexOf(thing) === i) lost.push(...more);
    return withArticle(phrase, facts);
  });
  relations.forEach((relation, i) => {
    if (facts.relations.has(relation) && !(i === 0 && isShown(relation, things[1], facts))) lost.push(relation);
  });
  const between = isShown(relations[0], things[1], facts) ? relations[0] : 'and';
  if (place !== undefined && !isAlone) lost.push(place);
  const where = isAlone && place !== undefined ? ` ${place}` : '';
  return { text: `${phrases.join(` ${between} `)}${where}${behind(arranged, facts)}`, lost };
}

/** Whether the model can draw that relation to that thing. */
function isShown(relation: string | undefined, second: Thing | undefined, { relations, taught }: ReaderFacts): boolean {
  const those = relation === undefined ? undefined : relations.get(relation);
  if (!those || !second) return false;
  return those.length === 0 || those.includes(taught.get(second.name) ?? second.name);
}

/** A number of things in words: "three red balloons". */
function phraseCounted(arranged: Arranged, thing: Thing, facts: ReaderFacts): Drawn {
  const count = Math.min(thing.count === 0 ? 2 : thing.count, facts.pieces);
  const { phrase, lost } = phraseOf({ ...thing, style: undefined }, facts, false, false);
  if (thing.count > count) lost.push(thing.words[0]);
  if (arranged.place !== undefined) lost.push(arranged.place);
  return { text: `${NUMBER_WORDS[count]} ${pluralOf(phrase)}${behind(arranged, facts)}`, lost };
}

/** What stands behind all of it, with a blank before it. */
function behind({ scene, background }: Arranged, { scenes, backgrounds }: ReaderFacts): string {
  const drawn = scene === undefined ? undefined : scenes.get(scene);
  if (drawn) return ` ${drawn.behind}`;
  return background !== undefined && backgrounds.includes(background) ? ` on ${articled(background)} background` : '';
}

function phraseOf(
  { name, colour, size, style, words }: Thing,
  facts: ReaderFacts,
  isAlone: boolean,
  isPair = !isAlone,
): { phrase: string; lost: string[] } {
  const lost: string[] = [];
  const sizes = isAlone ? facts.sizes : isPair ? facts.sizesInPairs : [];
  const hasSize = size !== undefined && sizes.includes(size);
  if (size !== undefined && !hasSize) lost.push(words[words.length - (colour === undefined ? 2 : 3)] ?? size);
  const hasColour = colour !== undefined && facts.colours.includes(colour);
  const bare = hasColour ? withoutColour(name, facts) : name;
  const parts = [hasSize ? size : '', isAlone ? style : '', hasColour ? colour : '', bare];
  return { phrase: parts.filter(Boolean).join(' '), lost };
}

/** "a blue red heart" is a blue heart. */
function withoutColour(name: string, { colours, taught }: ReaderFacts): string {
  const [first, ...rest] = name.split(' ');
  const bare = rest.join(' ');
  return colours.includes(first) && taught.has(bare) ? bare : name;
}

function withArticle(phrase: string, { uncounted }: ReaderFacts): string {
  return uncounted.has(phrase.split(' ').at(-1) ?? '') ? phrase : articled(phrase);
}

function articled(phrase: string): string {
  return `${/^(?!uni|ufo)[aeiou]/u.test(phrase) ? 'an' : 'a'} ${phrase}`;
}
