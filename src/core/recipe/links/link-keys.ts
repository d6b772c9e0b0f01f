/** The keys of a link: short for what every recipe has, the settings' own ids for the rest. */
import { ADVANCED, ADVANCED_DEFAULTS, advancedProblem, type AdvancedId, type Setting } from '../advanced';
import { INTEGER, NUMBER, SEED, SIZE, type Size, type ValueKind } from '../value-kinds';
import type { Recipe } from '../infotext';
import { findSampler } from '../sampler-name';
import { isNoiseId } from '../../noise';
import { isScheduleId } from '../../schedules';
import { V1_DEFAULTS } from './link-defaults';

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

const TEXT: ValueKind<string> = { name: 'a text', read: (text) => text, write: (text) => text };

const id = (name: string, find: (text: string) => string | undefined): ValueKind<string> => ({
  name,
  read: find,
  write: (value) => value,
});

const simple = (key: string, field: keyof typeof V1_DEFAULTS, kind: ValueKind<unknown>): LinkKey => ({
  key,
  fields: [field],
  defaults: [V1_DEFAULTS[field]],
  kind,
});

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

/** In the order of the link: what people read first stands first. */
export const LINK_KEYS: readonly LinkKey[] = [
  simple('p', 'prompt', TEXT),
  simple('n', 'negativePrompt', TEXT),
  { key: 'm', fields: ['model'], defaults: [undefined], isOptional: true, kind: TEXT },
  { key: 'mh', fields: ['modelHash'], defaults: [undefined], isOptional: true, kind: TEXT },
  simple('seed', 'seed', SEED),
  simple('s', 'steps', INTEGER),
  simple('c', 'cfgScale', NUMBER),
  { key: 'z', fields: ['width', 'height'], defaults: [V1_DEFAULTS.width, V1_DEFAULTS.height], kind: SIZES },
  simple('sm', 'sampler', id('a sampler that is known here', findSampler)),
  simple(
    'sc',
    'schedule',
    id('a schedule type that is known here', (text) => (isScheduleId(text) ? text : undefined)),
  ),
  simple(
    'rng',
    'noise',
    id('a generator that is known here', (text) => (isNoiseId(text) ? text : undefined)),
  ),
  ...(Object.keys(ADVANCED) as AdvancedId[]).map(advancedKey),
];

function advancedKey(field: AdvancedId): LinkKey {
  return {
    key: field,
    fields: [field],
    defaults: [ADVANCED_DEFAULTS[field]],
    isOptional: true,
    kind: advancedKind(field),
  };
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['0', false],
]);

function advancedKind(field: AdvancedId): ValueKind<unknown> {
  const setting: Setting = ADVANCED[field];
  if (field === 'variationSeed') return SEED;
  const name =
    setting.kind === 'number'
      ? 'a number'
      : setting.kind === 'flag'
        ? '1 or 0'
        : Object.keys(setting.choices).join(', ');
  return {
    name,
    read(text) {
      const value = setting.kind === 'number' ? NUMBER.read(text) : setting.kind === 'flag' ? FLAGS.get(text) : text;
      return value === undefined || advancedProblem(field, value) !== undefined ? undefined : value;
    },
    write: (value) => (typeof value === 'boolean' ? (value ? '1' : '0') : String(value)),
  };
}
