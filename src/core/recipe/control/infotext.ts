/**
 * Units as texts of sd-webui-controlnet and Forge say them: a pair for each, `ControlNet 0: "Module: canny, Model: name [hash], ..."`. In recipes they stand
 * among the keys that the reader of texts leaves as they are, so that texts and links carry them; their pictures have a key beside.
 * @see Mikubill/sd-webui-controlnet internal_controlnet/args.py, ControlNetUnit.serialize; Forge lib_controlnet/external_code.py
 */
import type { ControlMode } from '../../control/control-scales';
import { PICTURE_JOINS } from '../../control/picture-joins';
import { UNION_KINDS, unionKinds, type UnionKind } from '../../control/union-kinds';
import type { ResizeMode } from '../../image/geometry';
import { isPixelHash } from '../../image/is-pixel-hash';
import { readPoseText } from '../../pose/pose-text';
import type { Note, Recipe } from '../recipe';
import { unquote } from '../value-kinds';
import {
  CONTROL_DEFAULTS,
  MOST_PICTURES,
  MOST_UNITS,
  withControlDefaults,
  type ControlUnit,
  type HiresPasses,
} from './unit';

/** As the form and A1111's texts call them. */
export const MODES: Readonly<Record<ControlMode, string>> = {
  balanced: 'Balanced',
  prompt: 'My prompt is more important',
  control: 'ControlNet is more important',
};

const RESIZES: Readonly<Record<ResizeMode, string>> = {
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

const PASSES: Readonly<Record<HiresPasses, string>> = {
  both: 'Both',
  low: 'Low res only',
  high: 'High res only',
};

/** A number as Python writes a float. */
const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** `ControlNet 0`, and the key of its picture. */
const KEY = /^ControlNet[ -](\d+)$/;
const pictureKey = (i: number | string): string => `ControlNet ${i} picture`;
const regionKey = (i: number | string): string => `ControlNet ${i} region`;
const poseKey = (i: number | string): string => `ControlNet ${i} pose`;
const maskKey = (i: number | string): string => `ControlNet ${i} mask`;
/** Key of the further pictures, side by side. */
const moreKey = (i: number | string): string => `ControlNet ${i} pictures`;

/**
 * The recipe with its units told.
 * @param nameOf  of a unit's model: the file's name without its ending, and its hash where that is known
 */
export function withControl(
  recipe: Recipe,
  units: readonly ControlUnit[],
  nameOf: (unit: ControlUnit) => { name: string; hash?: string } = ({ model: name, modelHash: hash }) => ({
    name,
    ...(hash !== undefined && { hash }),
  }),
): Recipe {
  const pairs = units.flatMap((unit, i): [string, string][] => {
    const { name, hash } = nameOf(unit);
    const text = writeUnit(unit, hash === undefined ? name : `${name} [${hash}]`);
    return [
      [`ControlNet ${i}`, text],
      ...(unit.image === undefined ? [] : ([[pictureKey(i), unit.image]] as [string, string][])),
      ...(unit.region === undefined ? [] : ([[regionKey(i), unit.region]] as [string, string][])),
      ...(unit.mask === undefined ? [] : ([[maskKey(i), unit.mask]] as [string, string][])),
      ...(unit.more === undefined ? [] : ([[moreKey(i), unit.more.join(' ')]] as [string, string][])),
      ...(unit.pose === undefined ? [] : ([[poseKey(i), unit.pose]] as [string, string][])),
    ];
  });
  if (pairs.length === 0) return recipe;
  return { ...recipe, unknown: { ...recipe.unknown, ...Object.fromEntries(pairs) } };
}

/** Commas and colons would be read as other fields. */
const inField = (text: string): string => text.replace(/[,:]/g, '_');

function writeUnit(unit: ControlUnit, model: string): string {
  const one = withControlDefaults(unit);
  const own = { resolution: one.resolution, a: one.thresholdA, b: one.thresholdB };
  const pairs: [string, string | undefined][] = [
    ['Module', inField(one.module)],
    ['Model', inField(model)],
    ['Weight', float(one.weight)],
    ['Resize Mode', RESIZES[one.resizeMode]],
    ['Processor Res', own.resolution === -1 ? undefined : String(own.resolution)],
    ['Threshold A', own.a === -1 ? undefined : float(own.a)],
    ['Threshold B', own.b === -1 ? undefined : float(own.b)],
    ['Guidance Start', float(one.start)],
    ['Guidance End', float(one.end)],
    ['Pixel Perfect', one.pixelPerfect ? 'True' : 'False'],
    ['Control Mode', MODES[one.mode]],
    ['Hr Option', one.hires === 'both' ? undefined : PASSES[one.hires]],
    ['Union Control Type', one.kind === 'auto' ? undefined : UNION_KINDS[one.kind].label],
    ['Range', one.range === CONTROL_DEFAULTS.range ? undefined : one.range],
    ['Pictures', one.join === CONTROL_DEFAULTS.join ? undefined : one.join],
  ];
  return pairs.flatMap(([field, value]) => (value === undefined ? [] : `${field}: ${value}`)).join(', ');
}

export interface ControlReading {
  units: ControlUnit[];
  /** What could not be read as it stands. */
  notes: Note[];
}

/** Units that a recipe tells of, in their order. */
export function readControl({ unknown = {} }: Pick<Recipe, 'unknown'>): ControlReading {
  const notes: Note[] = [];
  const found = Object.entries(unknown).flatMap(([key, text]) => {
    const number = KEY.exec(key)?.[1];
    return number === undefined ? [] : [{ key, number: Number(number), text: unquote(text) }];
  });
  const units = found
    .sort((a, b) => a.number - b.number)
    .slice(0, MOST_UNITS)
    .flatMap(({ key, number, text }) => readUnit(text, key, notes).map((unit) => withBeside(unit, unknown, number)));
  return { units, notes };
}

/** What has a key of its own. */
function withBeside(unit: ControlUnit, unknown: Readonly<Record<string, string>>, number: number): ControlUnit {
  const region = unknown[regionKey(number)] as string | undefined;
  const mask = unknown[maskKey(number)] as string | undefined;
  const more = ((unknown[moreKey(number)] as string | undefined) ?? '').split(' ').filter(isPixelHash);
  const seen = withPose(withPicture(unit, unknown[pictureKey(number)]), unknown[poseKey(number)]);
  return {
    ...seen,
    ...(more.length > 0 && { more: more.slice(0, MOST_PICTURES - 1) }),
    ...(mask !== undefined && isPixelHash(mask) && { mask }),
    ...(region !== undefined && isPixelHash(region) && { region }),
  };
}

const withPicture = (unit: ControlUnit, hash: string | undefined): ControlUnit =>
  hash !== undefined && isPixelHash(hash) ? { ...unit, image: hash } : unit;

function withPose(unit: ControlUnit, text: string | undefined): ControlUnit {
  const pose = text === undefined ? '' : unquote(text);
  return readPoseText(pose) ? { ...unit, pose } : unit;
}

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

function readUnit(text: string, key: string, notes: Note[]): ControlUnit[] {
  const said = new Map<string, string>();
  // Commas in brackets divide nothing.
  for (const part of text.split(/,(?![^(]*\))/)) {
    const [, name, value] = /^\s*([^:]+):\s*(.*?)\s*$/.exec(part) ?? [];
    const field = name === undefined ? undefined : FIELDS[name.trim().toLowerCase()];
    if (field !== undefined) said.set(field, value);
  }
  const model = said.get('model');
  if (model === undefined || model.toLowerCase() === 'none') {
    notes.push({ key, message: `${key} names no model, and is left out.` });
    return [];
  }
  const [, name, hash] = /^(.*?)(?:\s*\[([0-9a-f]{6,64})\])?$/i.exec(model) ?? [];
  const unit: Record<string, unknown> = { model: name, ...(hash && { modelHash: hash.toLowerCase() }) };
  for (const [field, value] of said) readField(unit, field, value);
  return [unit as unknown as ControlUnit];
}

function readField(unit: Record<string, unknown>, field: string, value: string): void {
  const put = (id: string, read: unknown): void => {
    if (read !== undefined) unit[id] = read;
  };
  switch (field) {
    case 'module':
      return put('module', value.toLowerCase());
    case 'weight':
      return put('weight', numberIn(value, 0, 2));
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
      return put(field, RESIZE_ALIASES[value.toLowerCase()] ?? idOf(RESIZES, value));
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
        ['a1111', 'comfyui', 'diffusers'].find((rule) => rule === value),
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
