/** What a model's gesso.json says of the sentences that it knows. */
import { AppError } from '../errors';

export interface ReaderFacts {
  /** Subjects that the model knows, one name each. */
  subjects: readonly string[];
  /** Names of the same that the model was taught, and others that people use: name → subject. */
  taught: ReadonlyMap<string, string>;
  synonyms: ReadonlyMap<string, string>;
  colours: readonly string[];
  /** Colours of backgrounds; among them some of two words. */
  backgrounds: readonly string[];
  styles: readonly string[];
  sizes: readonly string[];
  /** Sizes of things that stand beside others. */
  sizesInPairs: readonly string[];
  /** Most pieces of one thing that can be named by their number; 1 where there are no numbers. */
  pieces: number;
  /** "wearing" → the subjects that can be worn; empty where it may be any. */
  relations: ReadonlyMap<string, readonly string[]>;
  /** "beach" → how it is said of a thing, and alone. */
  scenes: ReadonlyMap<string, SceneWords>;
  /** Places of a picture: "on the left". */
  places: readonly string[];
  /** Names that take no article. */
  uncounted: ReadonlySet<string>;
}

export interface SceneWords {
  /** The scene behind things: "on a beach". */
  behind: string;
  /** The scene without things: "a beach". */
  alone: string;
}

/** Name of the field in gesso.json. */
const FIELD = 'reader';

/** Undefined where the model has no such field: it reads as it is written. @throws AppError 'bad-file' */
export function readReaderFacts(extras: unknown, file: string): ReaderFacts | undefined {
  const field = recordOf(extras)[FIELD];
  if (field === undefined) return undefined;
  const values = recordOf(field);
  const names = recordOf(values['names']);
  const subjects = Object.keys(names);
  if (subjects.length === 0) throw new AppError('bad-file', `${file}: "${FIELD}.names" must name subjects.`);
  const list = (key: string): readonly string[] => textsOf(values[key], `${file}: "${FIELD}.${key}"`);
  const lists = (key: string): [string, string[]][] =>
    Object.entries(recordOf(values[key])).map(([name, words]) => [
      name,
      textsOf(words, `${file}: "${FIELD}.${key}.${name}"`),
    ]);
  const taught = new Map(subjects.map((subject) => [subject, subject]));
  const synonyms = new Map<string, string>();
  for (const [subject, value] of Object.entries(names)) {
    const known = recordOf(value);
    for (const name of textsOf(known['taught'] ?? [], `${file}: names of ${subject}`)) taught.set(name, subject);
    for (const name of textsOf(known['also'] ?? [], `${file}: names of ${subject}`)) synonyms.set(name, subject);
  }
  return {
    subjects,
    taught,
    synonyms,
    colours: list('colours'),
    backgrounds: list('backgrounds'),
    styles: list('styles'),
    sizes: list('sizes'),
    sizesInPairs: textsOf(values['sizesInPairs'] ?? [], `${file}: "${FIELD}.sizesInPairs"`),
    pieces: typeof values['pieces'] === 'number' ? values['pieces'] : 1,
    relations: new Map(lists('relations')),
    scenes: new Map(lists('scenes').map(([name, [behind, alone]]) => [name, { behind, alone }])),
    places: textsOf(values['places'] ?? [], `${file}: "${FIELD}.places"`),
    uncounted: new Set(list('uncounted')),
  };
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function textsOf(value: unknown, where: string): string[] {
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
  throw new AppError('bad-file', `${where} must be a list of texts.`);
}
