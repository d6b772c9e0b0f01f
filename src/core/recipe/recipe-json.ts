/** A recipe out of JSON that anyone may have written: fields of the right kind, and a note for each other. */
import { setField } from './field-path';
import { KEYS } from './infotext/keys';
import type { LoraWeight, Note, Recipe } from './recipe';
import type { Field } from './field';
import { findChoice } from './find-choice';
import { fieldProblem } from './problems';
import { BASIC_IDS, ADVANCED_IDS, fieldOf } from './request';
import { SEED } from './value-kinds';

type Bag = Record<string, unknown>;

/** Reads a field; undefined where the value is not of its kind. */
type FieldReader = (value: unknown) => unknown;

const readNumber: FieldReader = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const readText: FieldReader = (value) => (typeof value === 'string' ? value : undefined);
const readSeed: FieldReader = (value) =>
  typeof value === 'string' || Number.isSafeInteger(value) ? SEED.read(String(value)) : undefined;

const readTexts: FieldReader = (value) => {
  if (!isBag(value)) return undefined;
  const isSound = Object.values(value).every((text) => typeof text === 'string');
  return isSound ? Object.fromEntries(Object.entries(value)) : undefined;
};

const readLoras: FieldReader = (value) => {
  const isLora = (lora: unknown): lora is LoraWeight =>
    isBag(lora) &&
    typeof lora['name'] === 'string' &&
    [lora['unet'], lora['text']].every((weight) => typeof weight === 'number');
  return Array.isArray(value) && value.every(isLora) ? value : undefined;
};

const READERS: ReadonlyMap<string, FieldReader> = new Map<string, FieldReader>([
  ...KEYS.flatMap(({ field, kind }): [string, FieldReader][] => {
    const read = kind.isText === true ? readText : readNumber;
    return typeof field === 'string' ? [[field, read]] : [field.width, field.height].map((side) => [side, readNumber]);
  }),
  ...ADVANCED_IDS.map((id): [string, FieldReader] => [
    id,
    (value) => (fieldProblem(id, value) === undefined ? value : undefined),
  ]),
  ...BASIC_IDS.map((id): [string, FieldReader] => [id, basicReader(fieldOf(id))]),
  ['variationSeed', readSeed],
  ['refiner.bySteps', (value) => (typeof value === 'boolean' ? value : undefined)],
  ['refiner.passes', (value) => (fieldProblem('refinerPasses', value) === undefined ? value : undefined)],
  ...['loraHashes', 'tiHashes', 'other', 'unknown'].map((field): [string, FieldReader] => [field, readTexts]),
  ['loras', readLoras],
]);

/** Reader of a setting that a request must say: it is checked for its range where it is used. */
function basicReader(field: Field): FieldReader {
  switch (field.kind) {
    case 'text':
      return readText;
    case 'number':
      return readNumber;
    case 'seed':
      return readSeed;
    case 'flag':
      return (value) => (typeof value === 'boolean' ? value : undefined);
    case 'choice':
      return (value) => (typeof value === 'string' ? findChoice(field, value) : undefined);
  }
}

const SECTIONS: ReadonlySet<string> = new Set(['hires', 'inpaint', 'refiner']);

/** Never throws; prompts that are missing are empty. */
export function readRecipeJson(value: unknown): { recipe: Recipe; notes: Note[] } {
  const recipe: Recipe = { prompt: '', negativePrompt: '' };
  const notes: Note[] = [];
  const read = (path: string, found: unknown) => {
    const reader = READERS.get(path);
    const sound = reader?.(found);
    if (sound !== undefined) setField(recipe, path, sound);
    else
      notes.push({
        key: path,
        message: reader ? `"${path}" cannot be ${sayJson(found)}.` : `"${path}" is not known here.`,
      });
  };
  for (const [field, found] of Object.entries(isBag(value) ? value : {})) {
    if (SECTIONS.has(field) && isBag(found))
      for (const [name, inner] of Object.entries(found)) read(`${field}.${name}`, inner);
    else read(field, found);
  }
  return { recipe, notes };
}

function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sayJson(value: unknown): string {
  return (JSON.stringify(value) ?? 'this').slice(0, 80);
}
