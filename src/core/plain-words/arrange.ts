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
  return new Arranger(withColourAsSubject(all), facts).arrange();
}

/** Goes through what was heard from left to right. */
class Arranger {
  readonly #heard: readonly Heard[];
  readonly #facts: ReaderFacts;
  /** Backgrounds of the subjects that are scenes here, by their places. */
  readonly #sceneNames: ReadonlyMap<number, string>;
  readonly #out: Arranged = { things: [], relations: [], scenes: [], leftOut: [] };
  /** What waits for the thing that it belongs to. */
  #pending: Pending = {};
  #last: Thing | undefined;
  /** How the next thing stands to the last. */
  #between = 'and';
  #isBackwards = false;
  /** A relation that waits for its second thing. */
  #open: Heard | undefined;

  constructor(heard: readonly Heard[], facts: ReaderFacts) {
    this.#heard = heard;
    this.#facts = facts;
    this.#sceneNames = scenesAmong(heard);
  }

  arrange(): Arranged {
    this.#heard.forEach((one, i) => this.#take(one, i));
    this.#drop();
    this.#lose(this.#open);
    return this.#out;
  }

  #take(one: Heard, i: number): void {
    const { meaning } = one;
    switch (meaning.kind) {
      case 'subject':
        if (this.#sceneNames.has(i)) this.#takeScene(one, meaning.subject, this.#sceneNames.get(i) ?? 'white');
        else this.#takeThing(thingOf(one, meaning, this.#pending, this.#facts));
        return;
      case 'colour':
        this.#takeColour(one, i, meaning);
        return;
      case 'style':
        this.#pending.style = { ...one, name: meaning.style };
        return;
      case 'size':
        this.#pending.size = { ...one, name: meaning.size };
        return;
      case 'count':
        this.#pending.count = { ...one, number: meaning.count };
        return;
      case 'background':
        if (!isColour(this.#heard[i - 1]) && !isColour(this.#heard[i + 1])) this.#lose(one);
        return;
      case 'scene':
        this.#takeScene(one, meaning.scene, meaning.background);
        return;
      case 'place':
        this.#takePlace(one, meaning.place);
        return;
      case 'relation':
        this.#takeRelation(one, meaning);
        return;
      case 'stop':
        this.#drop();
        return;
      case 'filler':
        if (meaning.isNamed && !isStyleWord(this.#heard, i)) this.#lose(one);
        return;
      case 'unknown':
        this.#loseWithPending(one);
    }
  }

  #takeThing(thing: Thing): void {
    const { things, relations } = this.#out;
    if (things.length > 0) relations.push(this.#between);
    else this.#lose(this.#open);
    this.#open = undefined;
    things.push(thing);
    if (this.#isBackwards && things.length === 2) things.reverse();
    this.#pending = {};
    this.#last = thing;
    this.#between = 'and';
    this.#isBackwards = false;
  }

  #takeColour(one: Heard, i: number, { colour, shade }: { colour: string; shade?: string }): void {
    if (this.#pending.colour) this.#drop();
    if (isBackground(this.#heard, i)) {
      this.#out.background = shade ?? colour;
      this.#pending.colour = undefined;
    } else this.#pending.colour = { ...one, name: colour, shade };
  }

  #takeScene(one: Heard, scene: string, background: string): void {
    const out = this.#out;
    this.#drop();
    out.scenes.push(one.words);
    if (this.#facts.scenes.has(scene)) {
      if (out.scene === undefined) out.scene = scene;
      else this.#lose(one);
      return;
    }
    out.background ??= background;
    this.#lose(one);
  }

  #takePlace(one: Heard, place: string): void {
    this.#drop();
    if (this.#out.place === undefined && this.#facts.places.includes(place)) this.#out.place = place;
    else this.#lose(one);
  }

  #takeRelation(one: Heard, { relation, backwards = false }: { relation: string; backwards?: boolean }): void {
    this.#drop();
    this.#between = relation;
    this.#isBackwards = backwards;
    this.#lose(this.#open);
    this.#open = this.#facts.relations.has(relation) ? one : undefined;
    if (!this.#open && !KEPT.has(relation)) this.#lose(one);
  }

  /** Puts what waits on the things that are there, where they lack it. */
  #drop(): void {
    const { colour, size, style, count } = this.#pending;
    if (colour && this.#last && this.#last.colour === undefined) this.#last.colour = colour.name;
    else this.#lose(colour);
    if (size && this.#last && this.#last.size === undefined) this.#last.size = size.name;
    else this.#lose(size);
    const styled = this.#out.things.at(-1);
    if (style && styled && styled.style === undefined) styled.style = style.name;
    else this.#lose(style);
    this.#lose(count);
    this.#pending = {};
  }

  /** "blue hair": the colour is that of what is not drawn. */
  #loseWithPending(one: Heard): void {
    const { colour, size, style, count } = this.#pending;
    this.#lose(colour, size, style, count, one);
    this.#pending = {};
  }

  #lose(...lost: (Heard | undefined)[]): void {
    for (const one of lost) if (one) this.#out.leftOut.push(one.words);
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
