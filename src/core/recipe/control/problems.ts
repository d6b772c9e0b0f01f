/** What is wrong with the units of a request: a sentence each. */
import { RANGE_RULES } from '../../control/active-steps';
import { CONTROL_MODES } from '../../control/control-scales';
import { PICTURE_JOINS } from '../../control/picture-joins';
import { unionKinds } from '../../control/union-kinds';
import { AppError } from '../../errors';
import { notHereText } from '../../hints/not-here';
import { HINT_SETTING_IDS } from '../../hints/preprocessor';
import { findPreprocessor, preprocessor, readsPicture } from '../../hints/preprocessors';
import { RESIZE_MODES } from '../../image/geometry';
import type { GenerationRequest } from '../request';
import { MOST_PICTURES, MOST_UNITS, withControlDefaults, type ControlSettings, type ControlUnit } from './unit';

export interface StartsFrom {
  hasPicture: boolean;
  hasMask: boolean;
  /** It goes through tiles: in which way. */
  redraw?: string;
}

type Start = Pick<GenerationRequest, 'initImage' | 'initMask' | 'redraw'>;

export const startsFrom = ({ initImage, initMask, redraw = 'none' }: Start): StartsFrom => ({
  hasPicture: initImage !== undefined,
  hasMask: initImage !== undefined && initMask !== undefined,
  ...(initImage !== undefined && redraw !== 'none' && { redraw }),
});

/** Ranges of A1111's sliders. */
const RANGES = { weight: [0, 2], start: [0, 1], end: [0, 1] } as const;

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  mode: CONTROL_MODES,
  range: RANGE_RULES,
  resizeMode: RESIZE_MODES,
  hires: ['both', 'low', 'high'],
  kind: ['auto', ...unionKinds()],
  join: PICTURE_JOINS,
};

/** Why a unit does not act together with Deep Shrink; undefined where it does. */
export function shrinkMisfit({
  module = 'none',
  region,
}: Pick<ControlUnit, 'module'> & { region?: unknown }): string | undefined {
  if (!readsPicture(module) || region === undefined) return undefined;
  return 'It acts in a part of maps of one size, which Deep Shrink makes smaller: let it act everywhere, or switch that off.';
}

/** @param from  whether the request starts from a picture, and has a mask for it */
export function controlProblems(units: unknown, from: StartsFrom): string[] {
  if (!Array.isArray(units)) return ['control must be a list of units.'];
  if (units.length > MOST_UNITS) return [`There are ${units.length} units of control; ${MOST_UNITS} are allowed.`];
  return (units as readonly unknown[]).flatMap((unit, i) =>
    unitProblems(unit, from).map((problem) => `Control unit ${i + 1}: ${problem}`),
  );
}

/** @throws AppError 'bad-request' naming all that is wrong */
export function assertControl(request: Pick<GenerationRequest, 'control'> & Start): void {
  const { control } = request;
  const problems = control === undefined ? [] : controlProblems(control, startsFrom(request));
  if (problems.length > 0) throw new AppError('bad-request', problems.join(' '));
}

function unitProblems(value: unknown, { hasPicture, hasMask, redraw }: StartsFrom): string[] {
  if (typeof value !== 'object' || value === null || typeof (value as Partial<ControlUnit>).model !== 'string')
    return ['it names no model.'];
  const unit = withControlDefaults(value as ControlUnit);
  const given = unit as unknown as Record<string, unknown>;
  const problems = Object.entries(RANGES).flatMap(([name, [min, max]]) => {
    const number = given[name];
    const isFine = typeof number === 'number' && number >= min && number <= max;
    return isFine ? [] : [`${name} must be from ${min} to ${max}, not ${String(number)}.`];
  });
  for (const [name, choices] of Object.entries(CHOICES))
    if (!choices.includes(String(given[name])))
      problems.push(`${name} must be one of ${choices.join(', ')}, not ${String(given[name])}.`);
  if (unit.model === '') problems.push('it has no model: choose a ControlNet or a T2I-Adapter.');
  if (unit.start > unit.end) problems.push(`it starts at ${unit.start}, after its end at ${unit.end}.`);
  if (unit.image === undefined && !hasPicture) problems.push('its picture is missing: choose it again.');
  const own = moduleProblems(unit, hasMask || unit.mask !== undefined);
  return [...problems, ...pictureProblems(unit), ...own, ...(redraw === undefined ? [] : tileProblems(unit, redraw))];
}

/** A unit without a picture of its own takes each tile; other pictures are cut as the tiles are, which SD upscale does not do. */
function tileProblems({ image, mask, region, module }: ControlUnit & ControlSettings, redraw: string): string[] {
  if (mask !== undefined && image === undefined)
    return ['its mask is for the whole picture, which is painted tile by tile: take the mask away.'];
  if (redraw !== 'overlap') return [];
  if (region !== undefined)
    return ['it acts in a part of the picture, which SD upscale does not cut into tiles: choose Linear or Chess.'];
  const isCut = image !== undefined && !readsPicture(module);
  return isCut ? ['SD upscale gives it each tile: take its own picture away, or choose Linear or Chess.'] : [];
}

/** What is wrong with the further pictures of a unit, and with what becomes of them. */
function pictureProblems({ more = [], module }: ControlUnit & ControlSettings): string[] {
  if (!Array.isArray(more) || !more.every((one) => typeof one === 'string'))
    return ['more must be a list of pictures.'];
  if (more.length >= MOST_PICTURES) return [`it has ${more.length + 1} pictures; ${MOST_PICTURES} are allowed.`];
  const isRead = more.length === 0 || readsPicture(module);
  return isRead ? [] : [`only IP-Adapters read more than one picture: take the ${more.length} further away.`];
}

/** What is wrong with the preprocessor that makes the unit's hint. */
function moduleProblems(unit: ControlSettings, hasMask: boolean): string[] {
  const id = findPreprocessor(unit.module);
  if (id === undefined) return [notHereText(unit.module)];
  const one = preprocessor(id);
  if (one.needsMask && !hasMask)
    return [
      `"${one.label}" needs the mask of the picture that is started from: choose that picture, and paint its mask, or paint one of the unit’s own.`,
    ];
  return HINT_SETTING_IDS.flatMap((name) => {
    const setting = one.settings[name];
    const value = unit[name];
    if (!setting || value === -1 || (name === 'resolution' && unit.pixelPerfect)) return [];
    const isFine = value >= setting.min && value <= setting.max && (name !== 'resolution' || Number.isInteger(value));
    return isFine ? [] : [`${setting.label} must be from ${setting.min} to ${setting.max}, not ${String(value)}.`];
  });
}
