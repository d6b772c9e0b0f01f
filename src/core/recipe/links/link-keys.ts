/** The keys of a link: short for what every recipe has, the settings' own ids for the rest. */
import type { Recipe } from '../infotext';
import type { Field } from '../field';
import { FIELDS } from '../fields';
import { findChoice } from '../find-choice';
import { fieldProblem } from '../problems';
import { FIELD_DEFAULTS, fieldOf, type FieldId } from '../request';
import { INTEGER, NUMBER, SEED, SIZE, TEXT, type Size, type ValueKind } from '../value-kinds';
import { V1_ORDER } from './link-defaults';

export interface LinkKey {
  key: string;
  /** Fields that it sets, of a size two. */
  fields: readonly (keyof Recipe)[];
  /** What is left out, and comes back. */
  defaults: readonly unknown[];
  /** A recipe may lack it: then it is left out, and stays out. */
  isOptional?: boolean;
  kind: ValueKind<unknown>;
}

const SIZES: ValueKind<unknown> = {
  name: SIZE.name,
  read(text) {
    const size = SIZE.read(text);
    return size && [size.width, size.height];
  },
  write: (value) => {
    const [width, height] = value as number[];
    return SIZE.write({ width, height } satisfies Size);
  },
};

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['0', false],
]);

const FLAG: ValueKind<unknown> = {
  name: '1 or 0',
  read: (text) => FLAGS.get(text),
  write: (value) => (value === true ? '1' : '0'),
};

const optionalText = (key: string, field: keyof Recipe): LinkKey => ({
  key,
  fields: [field],
  defaults: [undefined],
  isOptional: true,
  kind: TEXT,
});

const IDS = Object.keys(FIELDS) as FieldId[];

const placeOf = ({ key }: LinkKey): number => (V1_ORDER.includes(key) ? V1_ORDER.indexOf(key) : V1_ORDER.length);

/** Keys in the order of the link: what people read first stands first. */
export const LINK_KEYS: readonly LinkKey[] = [
  optionalText('m', 'model'),
  optionalText('mh', 'modelHash'),
  ...IDS.flatMap((id) => keyOf(id) ?? []),
].sort((a, b) => placeOf(a) - placeOf(b));

function linkOf(id: FieldId): { key: string } | undefined {
  return fieldOf(id).link || undefined;
}

/** Key of a setting in links; where two sides have one key the width stands for both. */
function keyOf(id: FieldId): LinkKey | undefined {
  const { link, isBasic = false } = fieldOf(id);
  if (link === false) return undefined;
  if (link?.side === 'height') return undefined;
  const fields = link?.side ? [id, ...IDS.filter((other) => other !== id && linkOf(other)?.key === link.key)] : [id];
  return {
    key: link?.key ?? id,
    fields,
    defaults: fields.map((field) => FIELD_DEFAULTS[field]),
    ...(!isBasic && { isOptional: true }),
    kind: fields.length > 1 ? SIZES : isBasic ? basicKind(fieldOf(id)) : checkedKind(id),
  };
}

function basicKind(field: Field): ValueKind<unknown> {
  switch (field.kind) {
    case 'text':
      return TEXT;
    case 'seed':
      return SEED;
    case 'number':
      return field.integer ? INTEGER : NUMBER;
    case 'flag':
      return FLAG;
    case 'choice':
      return choiceKind(field);
  }
}

function choiceKind(field: Field & { kind: 'choice' }): ValueKind<unknown> {
  return {
    name: `${field.noun ?? 'a choice'} that is known here`,
    read: (text) => findChoice(field, text),
    write: String,
  };
}

/** Reads a setting that a request need not say: values out of range are none. */
function checkedKind(id: FieldId): ValueKind<unknown> {
  const field = fieldOf(id);
  // Others write longer ones than are used here.
  if ([field.infotext ?? []].flat().some(({ kind }) => kind === SEED)) return SEED;
  const { name, read, write } = rawKind(field);
  return {
    name,
    read(text) {
      const value = read(text);
      return value === undefined || fieldProblem(id, value) !== undefined ? undefined : value;
    },
    write,
  };
}

function rawKind(field: Field): ValueKind<unknown> {
  if (field.kind === 'choice') return { ...TEXT, name: Object.keys(field.choices).join(', ') } as ValueKind<unknown>;
  return field.kind === 'number' ? NUMBER : basicKind(field);
}
