/** Fields of a unit in texts: their words of today and of before, and how values are read. */
import { RANGE_RULES } from '../../control/active-steps';
import type { ControlMode } from '../../control/control-scales';
import { PICTURE_JOINS } from '../../control/picture-joins';
import { UNION_KINDS, unionKinds, type UnionKind } from '../../control/union-kinds';
import { nearestTo } from '../../hints/not-here';
import type { ResizeMode } from '../../image/geometry';
import type { Note } from '../recipe';
import { unquote } from '../value-kinds';
import type { ControlUnit, HiresPasses } from './unit';

/** Texts of a unit's fields. */
export type UnitFields = ReadonlyMap<string, string>;

export interface KeyedUnit {
  /** As a note calls it. */
  key: string;
  number: number;
  fields: UnitFields;
}

/** `ControlNet 0`, of old with one unit alone `ControlNet`. */
const WHOLE = /^ControlNet(?:[ -](\d+))?$/;

/** Units that a pair each tells whole. */
export const wholeUnits = (unknown: Readonly<Record<string, string>>): KeyedUnit[] =>
  Object.entries(unknown).flatMap(([key, text]): KeyedUnit[] => {
    const match = WHOLE.exec(key);
    const fields = match ? fieldsIn(unquote(text)) : undefined;
    const number = match?.at(1);
    // other programs may mean anything by the word alone
    if (!fields || (number === undefined && !fields.has('model'))) return [];
    return [{ key, number: Number(number ?? 0), fields }];
  });

/** As the form and A1111's texts call them. */
export const MODES: Readonly<Record<ControlMode, string>> = {
  balanced: 'Balanced',
  prompt: 'My prompt is more important',
  control: 'ControlNet is more important',
};

export const RESIZES: Readonly<Record<ResizeMode, string>> = {
  just_resize: 'Just Resize',
  crop_and_resize: 'Crop and Resize',
  resize_and_fill: 'Resize and Fill',
};

const RESIZE_ALIASES: Readonly<Record<string, ResizeMode>> = {
  'inner fit (scale to fit)': 'crop_and_resize',
  'scale to fit (inner fit)': 'crop_and_resize',
  'outer fit (shrink to fit)': 'resize_and_fill',
  'envelope (outer fit)': 'resize_and_fill',
};

export const PASSES: Readonly<Record<HiresPasses, string>> = {
  both: 'Both',
  low: 'Low res only',
  high: 'High res only',
};

/** Keys of today, and of before sd-webui-controlnet 1.1.400, in one case. */
const FIELDS: Readonly<Record<string, string>> = {
  module: 'module',
  preprocessor: 'module',
  model: 'model',
  weight: 'weight',
  'resize mode': 'resizeMode',
  'processor res': 'resolution',
  'threshold a': 'thresholdA',
  'threshold b': 'thresholdB',
  'guidance start': 'start',
  'guidance end': 'end',
  'starting/ending': 'range of steps',
  'pixel perfect': 'pixelPerfect',
  'control mode': 'mode',
  'hr option': 'hires',
  'union control type': 'kind',
  'preprocessor params': 'params',
  range: 'range',
  pictures: 'join',
};

/** What a table itself has under a word of a text, which may be "constructor". */
export const entryOf = <Value>(table: Readonly<Record<string, Value>>, word: string): Value | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

/** The field that a word is for; undefined where it is for none. */
export const fieldOf = (word: string): string | undefined => entryOf(FIELDS, word.trim().toLowerCase());

/** The fields that a text like `Module: canny, Weight: 1` tells. */
export function fieldsIn(text: string): Map<string, string> {
  const said = new Map<string, string>();
  for (const part of partsOf(text)) {
    const [, name, value] = /^\s*([^:]+):\s*(.*?)\s*$/.exec(part) ?? [];
    const field = name === undefined ? undefined : fieldOf(name);
    if (field !== undefined) said.set(field, value);
  }
  return said;
}

/** Commas in brackets divide nothing: the next bracket behind them closes. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let end = text.length;
  let isInside = false;
  for (let i = text.length - 1; i >= 0; i--) {
    const letter = text[i];
    if (letter === '(' || letter === ')') isInside = letter === ')';
    else if (letter === ',' && !isInside) {
      parts.push(text.slice(i + 1, end));
      end = i;
    }
  }
  return [...parts, text.slice(0, end)].reverse();
}

/** @param key  as notes call it @returns none, with a note, where it names no model */
export function unitOf(said: UnitFields, key: string, notes: Note[]): ControlUnit[] {
  const model = said.get('model');
  if (model === undefined || model.toLowerCase() === 'none') {
    notes.push({ key, message: `${key} names no model, and is left out.${withoutModel(said.get('module'))}` });
    return [];
  }
  const [, name, hash] = /^(.*?)(?:\s*\[([0-9a-f]{6,64})\])?$/i.exec(model) ?? [];
  const unit: Record<string, unknown> = { model: name, ...(hash && { modelHash: hash.toLowerCase() }) };
  for (const [field, value] of said) readField(unit, field, unquote(value));
  const note = weightNote(key, Number(unquote(said.get('weight') ?? '')));
  if (note !== undefined) notes.push({ key, message: note });
  return [unit as unknown as ControlUnit];
}

/** The nearest of A1111's slider. */
export const allowedWeight = (weight: number): number => Math.min(Math.max(weight, 0), 2);

/** @param name  of the unit @returns undefined where the weight is taken as it is */
export function weightNote(name: string, weight: number): string | undefined {
  const allowed = allowedWeight(weight);
  if (Number.isNaN(weight) || allowed === weight) return undefined;
  return `${name} has the weight ${weight}; here it is from 0 to 2, and ${allowed} is taken.`;
}

/** Some preprocessors do all of it by themselves. */
function withoutModel(module = 'none'): string {
  const nearest = nearestTo(module);
  return nearest === undefined ? '' : ` “${module}” does not run here; nearest is “${nearest}”.`;
}

/** Also `ResizeMode.INNER_FIT`: an API's units are told by their names in Python. */
const ENUMS: Readonly<Record<string, string>> = {
  'resizemode.resize': 'Just Resize',
  'resizemode.inner_fit': 'Crop and Resize',
  'resizemode.outer_fit': 'Resize and Fill',
  'controlmode.balanced': 'Balanced',
  'controlmode.prompt': 'My prompt is more important',
  'controlmode.control': 'ControlNet is more important',
  'hiresfixoption.both': 'Both',
  'hiresfixoption.low_res_only': 'Low res only',
  'hiresfixoption.high_res_only': 'High res only',
};

function readField(unit: Record<string, unknown>, field: string, text: string): void {
  const value = entryOf(ENUMS, text.toLowerCase()) ?? text;
  const put = (id: string, read: unknown): void => {
    if (read !== undefined) unit[id] = read;
  };
  switch (field) {
    case 'module':
      return put('module', value.toLowerCase());
    case 'weight':
      return put('weight', value === '' || Number.isNaN(Number(value)) ? undefined : allowedWeight(Number(value)));
    case 'start':
    case 'end':
      return put(field, numberIn(value, 0, 1));
    case 'resolution':
      return put(field, numberIn(value, -1, 8192));
    case 'thresholdA':
    case 'thresholdB':
      return put(field, numberIn(value, -1, 8192));
    case 'pixelPerfect':
      return put(field, value === 'True');
    case 'resizeMode':
      return put(field, entryOf(RESIZE_ALIASES, value.toLowerCase()) ?? idOf(RESIZES, value));
    case 'mode':
      return put(field, idOf(MODES, value));
    case 'hires':
      return put(field, idOf(PASSES, value));
    case 'kind':
      return put(
        field,
        unionKinds().find((id: UnionKind) => UNION_KINDS[id].label === value),
      );
    case 'range':
      return put(
        field,
        RANGE_RULES.find((rule) => rule === value),
      );
    case 'join':
      return put(
        field,
        PICTURE_JOINS.find((join) => join === value),
      );
    default:
      return readTogether(field, value, put);
  }
}

/** `(0, 1)`; `(512, 100, 200)`: numbers of the preprocessor. */
function readTogether(field: string, value: string, put: (id: string, read: unknown) => void): void {
  const numbers = value
    .replace(/[()\s]/g, '')
    .split(',')
    .map((text) => (field === 'params' ? numberIn(text, -1, 8192) : numberIn(text, 0, 1)));
  if (field !== 'params' && field !== 'range of steps') return;
  const names = field === 'params' ? ['resolution', 'thresholdA', 'thresholdB'] : ['start', 'end'];
  names.forEach((name, i) => {
    const number = numbers.at(i);
    if (number !== undefined) put(name, number);
  });
}

function numberIn(text: string, min: number, max: number): number | undefined {
  const number = Number(text);
  return text !== '' && number >= min && number <= max ? number : undefined;
}

function idOf<Id extends string>(labels: Readonly<Record<Id, string>>, text: string): Id | undefined {
  const entries = Object.entries(labels) as [Id, string][];
  return entries.find(([, label]) => label.toLowerCase() === text.toLowerCase())?.[0];
}
