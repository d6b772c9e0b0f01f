/** What was heard, as a picture: things with a colour, a size and a number, and a background. */
import type { Heard } from './meanings';
import type { ReaderFacts } from './reader-facts';

export interface Thing {
  /** A name that the model was taught. */
  name: string;
  colour?: string;
  style?: string;
  size?: 'small' | 'big';
  /** 1, 2, 3; 4 is "many", 0 a plural without a number. */
  count: number;
  /** Words as typed, with what belongs to them. */
  words: string[];
}

export interface Arranged {
  things: Thing[];
  /** Relations between one thing and the next. */
  relations: string[];
  background?: string;
  /** One of the scenes that the model knows. */
  scene?: string;
  place?: string;
  /** Scenes as typed. */
  scenes: string[];
  /** Words as typed, in order, that no part of the picture shows. */
  leftOut: string[];
}

interface Pending {
  colour?: Heard & { name: string; shade?: string };
  style?: Heard & { name: string };
  size?: Heard & { name: 'small' | 'big' };
  count?: Heard & { number: number };
}

export function arrange(all: readonly Heard[], facts: ReaderFacts): Arranged {
  const heard = withColourAsSubject(all);
  const out: Arranged = { things: [], relations: [], scenes: [], leftOut: [] };
  const sceneNames = scenesAmong(heard);
  let pending: Pending = {};
  let last: Thing | undefined;
  let between = 'and';
  let isBackwards = false;
  /** A relation that waits for its second thing. */
  let open: Heard | undefined;
  const lose = (...lost: (Heard | undefined)[]): void => {
    for (const one of lost) if (one) out.leftOut.push(one.words);
  };
  const drop = (): void => {
    if (pending.colour && last && last.colour === undefined) last.colour = pending.colour.name;
    else lose(pending.colour);
    if (pending.size && last && last.size === undefined) last.size = pending.size.name;
    else lose(pending.size);
    const styled = out.things.at(-1);
    if (pending.style && styled && styled.style === undefined) styled.style = pending.style.name;
    else lose(pending.style);
    lose(pending.count);
    pending = {};
  };

  heard.forEach((one, i) => {
    const { meaning } = one;
    switch (meaning.kind) {
      case 'subject': {
        if (sceneNames.has(i)) {
          takeScene(one, meaning.subject, sceneNames.get(i) ?? 'white');
          return;
        }
        const thing = thingOf(one, meaning, pending, facts);
        if (out.things.length > 0) out.relations.push(between);
        else lose(open);
        open = undefined;
        out.things.push(thing);
        if (isBackwards && out.things.length === 2) out.things.reverse();
        [pending, last, between, isBackwards] = [{}, thing, 'and', false];
        return;
      }
      case 'colour':
        if (pending.colour) drop();
        if (isBackground(heard, i)) {
          out.background = meaning.shade ?? meaning.colour;
          pending.colour = undefined;
        } else pending.colour = { ...one, name: meaning.colour, shade: meaning.shade };
        return;
      case 'style':
        pending.style = { ...one, name: meaning.style };
        return;
      case 'size':
        pending.size = { ...one, name: meaning.size };
        return;
      case 'count':
        pending.count = { ...one, number: meaning.count };
        return;
      case 'background':
        if (!isColour(heard[i - 1]) && !isColour(heard[i + 1])) lose(one);
        return;
      case 'scene':
        takeScene(one, meaning.scene, meaning.background);
        return;
      case 'place':
        drop();
        if (out.place === undefined && facts.places.includes(meaning.place)) out.place = meaning.place;
        else lose(one);
        return;
      case 'relation':
        drop();
        between = meaning.relation;
        isBackwards = meaning.backwards ?? false;
        lose(open);
        open = facts.relations.has(meaning.relation) ? one : undefined;
        if (!open && !KEPT.has(meaning.relation)) lose(one);
        return;
      case 'stop':
        drop();
        return;
      case 'filler':
        if (meaning.isNamed && !isStyleWord(heard, i)) lose(one);
        return;
      case 'unknown':
        // "blue hair": the colour is that of what is not drawn.
        lose(pending.colour, pending.size, pending.style, pending.count, one);
        pending = {};
    }
  });
  drop();
  lose(open);
  return out;

  function takeScene(one: Heard, scene: string, background: string): void {
    drop();
    out.scenes.push(one.words);
    if (facts.scenes.has(scene)) {
      if (out.scene === undefined) out.scene = scene;
      else lose(one);
      return;
    }
    out.background ??= background;
    lose(one);
  }
}

/** "une rose" names a colour and a flower: it is the flower where nothing else is named. */
function withColourAsSubject(heard: readonly Heard[]): readonly Heard[] {
  if (heard.some(({ meaning }) => meaning.kind === 'subject')) return heard;
  const at = heard.findIndex(({ meaning }) => meaning.kind === 'colour' && meaning.subject !== undefined);
  return heard.map((one, i) => {
    const subject = i === at && one.meaning.kind === 'colour' ? one.meaning.subject : undefined;
    return subject === undefined ? one : { ...one, meaning: { kind: 'subject', subject } };
  });
}

/** Relations that two things side by side show well enough to say nothing of. */
const KEPT = new Set(['and', 'next to', 'left of']);

function thingOf(
  one: Heard,
  meaning: { subject: string; isPlural?: boolean },
  pending: Pending,
  facts: ReaderFacts,
): Thing {
  const name = facts.taught.has(meaning.subject) ? meaning.subject : (facts.synonyms.get(meaning.subject) ?? '');
  const { colour, style, size, count } = pending;
  return {
    name,
    colour: colour?.name,
    style: style?.name,
    size: size?.name,
    count: count?.number ?? (meaning.isPlural ? 0 : 1),
    words: [count?.words, size?.words, colour?.words, one.words].filter((words) => words !== undefined),
  };
}

/** Whether a word is of a style: "flat style". */
function isStyleWord(heard: readonly Heard[], at: number): boolean {
  return heard[at].words.toLowerCase() === 'style' && heard[at - 1]?.meaning.kind === 'style';
}

const isColour = (one: Heard | undefined): boolean => one?.meaning.kind === 'colour';
const isSilent = (one: Heard | undefined): boolean => one?.meaning.kind === 'filler' && !one.meaning.isNamed;

/** "a yellow background", "fond jaune", "fondo de color azul". */
function isBackground(heard: readonly Heard[], at: number): boolean {
  let before = at - 1;
  while (isSilent(heard[before])) before--;
  return heard[at + 1]?.meaning.kind === 'background' || heard[before]?.meaning.kind === 'background';
}

/** Where a subject is a scene too ("by the sea"), it is the scene if something else is there to stand in it. */
function scenesAmong(heard: readonly Heard[]): Map<number, string> {
  const subjects = heard.flatMap(({ meaning }, i) =>
    meaning.kind === 'subject' ? [{ i, name: meaning.subject }] : [],
  );
  const scenes = subjects.filter(({ name }) => SCENERY.has(name));
  if (scenes.length === subjects.length) return new Map();
  return new Map(scenes.map(({ i, name }) => [i, SCENERY.get(name) ?? 'white']));
}

const SCENERY: ReadonlyMap<string, string> = new Map([['sea', 'blue']]);
