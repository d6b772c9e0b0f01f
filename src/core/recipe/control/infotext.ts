/**
 * Units as texts of sd-webui-controlnet and Forge say them: a pair for each, `ControlNet 0: "Module: canny, Model: name [hash], ..."`. In recipes they stand
 * among the keys that the reader of texts leaves as they are, so that texts and links carry them; their pictures have a key beside.
 * @see Mikubill/sd-webui-controlnet internal_controlnet/args.py, ControlNetUnit.serialize; Forge lib_controlnet/external_code.py
 */
import { UNION_KINDS } from '../../control/union-kinds';
import { isPixelHash } from '../../image/is-pixel-hash';
import { readPoseText } from '../../pose/pose-text';
import type { Note, Recipe } from '../recipe';
import { unquote } from '../value-kinds';
import { separateUnits } from './separate-keys';
import { CONTROL_DEFAULTS, MOST_PICTURES, MOST_UNITS, withControlDefaults, type ControlUnit } from './unit';
import { MODES, PASSES, RESIZES, unitOf, wholeUnits } from './unit-fields';

/** A number as Python writes a float. */
const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** Keys of what stands beside a unit: its picture first. */
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

/** @param model  its name, and its hash in brackets */
export function writeUnit(unit: ControlUnit, model: string): string {
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
  // today's form first: what is told so is told whole
  const whole = wholeUnits(unknown);
  const told = whole.length > 0 ? { units: whole, notes: [] } : separateUnits(unknown);
  const notes: Note[] = [...told.notes];
  const units = told.units
    .sort((a, b) => a.number - b.number)
    .slice(0, MOST_UNITS)
    .flatMap(({ key, number, fields }) => unitOf(fields, key, notes).map((unit) => withBeside(unit, unknown, number)));
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
