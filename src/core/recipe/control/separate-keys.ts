/**
 * Units as older and other programs tell them: a key for each field. Before sd-webui-controlnet 1.1.4 `ControlNet-0 Module: canny` and so on, with one
 * unit alone without a number; SD.Next tells all units in each field, semicolons between.
 * @see Mikubill/sd-webui-controlnet before #2407, as texts of that time have it; vladmandic/sdnext modules/control/run.py, modules/ipadapter.py
 */
import type { Note } from '../recipe';
import { SDNEXT_ADAPTERS, SDNEXT_IMAGE_ADAPTERS, SDNEXT_MODELS } from './sdnext-models';
import { entryOf, fieldOf, type KeyedUnit } from './unit-fields';

type Texts = Readonly<Record<string, string>>;

/** `ControlNet-0 Module`, `ControlNet Module`. */
const FIELD_KEY = /^ControlNet(?:[ -](\d+))? ([A-Z][A-Za-z ]*)$/;
/** In these words they were never in quotes together. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  'guidance strength': 'end',
  'starting step': 'start',
  'ending step': 'end',
  'preprocessor parameters': 'params',
};

/** Keys of SD.Next, and their fields. */
const SDNEXT_KEYS = {
  'Control model': 'model',
  'Control process': 'module',
  'Control conditioning': 'weight',
  'Control start': 'start',
  'Control end': 'end',
} as const;

/** Its types that run here, and the names of their models. */
const SDNEXT_TYPES: Readonly<Record<string, Texts>> = {
  ControlNet: SDNEXT_MODELS,
  'T2I-Adapter': SDNEXT_ADAPTERS,
};
const SDNEXT_OTHERS: readonly string[] = ['ControlNet-XS', 'ControlLLLite', 'Reference'];

export interface SeparateReading {
  units: KeyedUnit[];
  /** What is not as it was. */
  notes: Note[];
  /** Those that told of these units. */
  keys: ReadonlySet<string>;
}

function fieldIn(key: string): { number: number; field: string } | undefined {
  const [, number, words] = FIELD_KEY.exec(key) ?? [];
  const word = (words as string | undefined)?.toLowerCase();
  if (word === undefined) return undefined;
  const field = word === 'enabled' ? 'enabled' : (entryOf(OWN_WORDS, word) ?? fieldOf(word));
  return field === undefined ? undefined : { number: Number(number ?? 0), field };
}

/** Those that are switched off are left out. */
export function separateUnits(unknown: Texts): SeparateReading {
  const units = new Map<number, { keys: string[]; fields: Map<string, string> }>();
  for (const [key, text] of Object.entries(unknown)) {
    const found = fieldIn(key);
    if (!found) continue;
    const { keys, fields } = units.get(found.number) ?? { keys: [], fields: new Map<string, string>() };
    units.set(found.number, { keys: [...keys, key], fields: fields.set(found.field, text) });
  }
  const on = [...units].filter(([, { fields }]) => fields.get('enabled') !== 'False');
  const own = on.map(([number, { fields }]): KeyedUnit => ({ key: `ControlNet ${number}`, number, fields }));
  const lists = sdnextUnits(unknown);
  const pictures = imageAdapters(unknown, lists.units.length);
  return {
    units: [...own, ...lists.units, ...pictures.units],
    notes: [...lists.notes, ...pictures.notes],
    keys: new Set([...on.flatMap(([, { keys }]) => keys), ...lists.keys, ...pictures.keys]),
  };
}

const nothing = (...notes: Note[]): SeparateReading => ({ units: [], notes, keys: new Set() });

function sdnextUnits(unknown: Texts): SeparateReading {
  const type = unknown['Control type'] ?? '';
  if (SDNEXT_OTHERS.includes(type))
    return nothing({ key: 'Control type', message: `${type} of SD.Next does not run here, and is left out.` });
  const names = entryOf(SDNEXT_TYPES, type);
  if (!names || !('Control model' in unknown)) return nothing();
  const keys = Object.keys(SDNEXT_KEYS).filter((key) => key in unknown) as (keyof typeof SDNEXT_KEYS)[];
  const lists = keys.map((key) => ({ key, field: SDNEXT_KEYS[key], all: unknown[key].split(';') }));
  const models = unknown['Control model'].split(';');
  // units without a process are not in its list of them
  const isPaired = lists.every(({ field, all }) => field !== 'module' || all.length === models.length);
  const units = models.map((_, i): KeyedUnit => {
    const fields = new Map<string, string>([['range', 'diffusers']]);
    for (const { field, all } of lists) {
      const text = (all.at(i) ?? '').trim();
      if (text === '' || (field === 'module' && !isPaired)) continue;
      fields.set(
        field,
        field === 'model' ? (entryOf(names, text) ?? text) : field === 'module' ? text.replaceAll(' ', '_') : text,
      );
    }
    return { key: 'Control model', number: i, fields };
  });
  const message = `SD.Next does not say which of its units the preprocessors "${unknown['Control process']}" are for: choose them in their units.`;
  return {
    units,
    notes: isPaired ? [] : [{ key: 'Control process', message }],
    keys: new Set([...keys, 'Control type']),
  };
}

/** `name:scale:start:end:crop`, semicolons between. */
function imageAdapters(unknown: Texts, from: number): SeparateReading {
  const key = 'IP Adapter';
  const notes: Note[] = [];
  const units = (unknown[key] ?? '').split(';').flatMap((text, i): KeyedUnit[] => {
    const [name, weight, start, end, crop] = text.trim().split(':') as (string | undefined)[];
    if (name === undefined || name === '' || weight === undefined) return [];
    const fields = new Map([
      ['model', entryOf(SDNEXT_IMAGE_ADAPTERS, name) ?? name],
      ['module', 'ip-adapter-auto'],
      ['range', 'diffusers'],
    ]);
    // what starts later is switched off before its scale is written
    const isLost = Number(weight) === 0 && Number(start) > 0;
    if (isLost)
      notes.push({ key, message: `SD.Next does not say the weight of "${name}", which starts later: 1 is taken.` });
    else fields.set('weight', weight);
    if (crop === 'True')
      notes.push({
        key,
        message: `SD.Next cut "${name}"’s picture to its face first: give the unit a picture of the face.`,
      });
    if (start !== undefined) fields.set('start', start);
    if (end !== undefined) fields.set('end', end);
    return [{ key, number: from + i, fields }];
  });
  return { units, notes, keys: new Set(units.length > 0 ? [key] : []) };
}
