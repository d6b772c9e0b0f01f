/** Which settings have an effect, with the sampler and the schedule that are chosen. */
import { isSecondAlone, type HiresSettings } from './hires';
import { ADVANCED_DEFAULTS, fieldOf, type FieldId, type GenerationRequest } from './request';
import { SAMPLERS, type SamplerEntry, type SamplerId } from '../samplers';
import { partSteps } from '../samplers/part-steps';
import { resolveSchedule, SCHEDULES, type ScheduleEntry, type ScheduleId } from '../schedules';

/** What decides which settings have an effect. */
export interface Choice {
  sampler: SamplerId;
  schedule: ScheduleId;
  /** It starts from a picture. */
  hasPicture?: boolean;
  /** A part of that picture is masked. */
  hasMask?: boolean;
  /** There is a second pass. */
  hasHires?: boolean;
  /** Another checkpoint takes over on the way. */
  hasRefiner?: boolean;
  /** The picture that it starts from goes through tiles: in which way. */
  redraw?: unknown;
  /** Seams between them are painted over: in which way. */
  seamFix?: unknown;
  /** It is painted in tiles where it is larger than one. */
  hasTiles?: boolean;
  /** Maps of the denoiser are weighed. */
  hasFreeu?: boolean;
  /** The model looks at what it paints. */
  hasSag?: boolean;
  /** Guidance has the spread that a lower scale would give. */
  hasDynthres?: boolean;
  /** Maps of the denoiser are made smaller. */
  hasShrink?: boolean;
  /** The model paints one size alone: it has no second pass. */
  hasOneSize?: boolean;
}

const samplers: readonly SamplerEntry[] = Object.values(SAMPLERS);
const schedules: readonly ScheduleEntry[] = Object.values(SCHEDULES);

/** The ids that at least one entry names; all others have an effect with every one. */
const OF_SAMPLERS: ReadonlySet<string> = new Set(samplers.flatMap(({ options }) => Object.keys(options)));
const OF_SCHEDULES: ReadonlySet<string> = new Set(schedules.flatMap(({ options }) => options));

/** It has an effect only on a picture that starts from another. */
export function isOfPicture(id: FieldId): boolean {
  const { group } = fieldOf(id);
  return group === 'start' || group === 'picture' || group === 'redraw' || isOfMask(id);
}

type Redrawing = Pick<GenerationRequest, 'initImage' | 'redraw' | 'seamFix' | 'seamFixDenoise'>;

/** Seams between tiles are painted over, whatever becomes of the tiles. */
export function paintsSeams({ initImage, redraw = 'none', seamFix = 'none', seamFixDenoise }: Redrawing): boolean {
  const hasSeams = redraw !== 'none' && redraw !== 'overlap' && seamFix !== 'none';
  return initImage !== undefined && hasSeams && (seamFixDenoise ?? ADVANCED_DEFAULTS.seamFixDenoise) > 0;
}

type Unpainted = Redrawing & HiresSettings & Pick<GenerationRequest, 'denoisingStrength' | 'initMask'>;

/** Its picture is only made to fit, or larger: no model is asked. A second pass alone is read and developed by its model, painted or not. */
export const paintsNothing = (request: Unpainted): boolean =>
  request.initImage !== undefined &&
  request.denoisingStrength === 0 &&
  !paintsSeams(request) &&
  !isSecondAlone(request);

/** It has an effect only where a part of that picture is masked. */
export const isOfMask = (id: FieldId): boolean => fieldOf(id).group === 'mask';

/** It has an effect in soft inpainting alone. */
export const isOfSoft = (id: FieldId): boolean => id.startsWith('soft');

export function isHonoured(id: FieldId, choice: Choice): boolean {
  const { hasPicture = false, hasOneSize = false } = choice;
  const hasHires = choice.hasHires === true && !hasOneSize;
  if (id === 'denoisingStrength') return hasPicture || hasHires;
  if (isOfMask(id)) return hasPicture && choice.hasMask === true;
  if (fieldOf(id).group === 'redraw') return hasPicture && isOfRedraw(id, choice);
  if (isOfPicture(id)) return hasPicture;
  if (id === 'hiresAlone') return hasHires && hasPicture;
  if (fieldOf(id).group === 'hires') return hasHires || (id === 'hiresScale' && !hasOneSize);
  if (id === 'refinerPasses') return choice.hasRefiner === true && hasHires;
  if (fieldOf(id).group === 'refiner') return !hasOneSize && (id === 'refinerCheckpoint' || choice.hasRefiner === true);
  if (fieldOf(id).group === 'tiles') return !hasOneSize && (id === 'tiledMethod' || choice.hasTiles === true);
  if (id === 'cfgRescale') return choice.hasDynthres !== true;
  if (id !== 'dynthres' && id.startsWith('dynthres')) return choice.hasDynthres === true;
  if (id === 'sagBlur') return choice.hasSag === true;
  if (id !== 'freeu' && id.startsWith('freeu')) return choice.hasFreeu === true;
  if (id !== 'shrinkBlock' && id.startsWith('shrink')) return choice.hasShrink === true;
  const sampler: SamplerEntry = SAMPLERS[choice.sampler];
  if (OF_SAMPLERS.has(id)) return Object.hasOwn(sampler.options, id);
  if (!OF_SCHEDULES.has(id)) return true;
  if (sampler.ownSigmas) return false;
  const schedule: ScheduleEntry = SCHEDULES[resolveSchedule(choice.schedule, sampler.defaultSchedule)];
  return schedule.options.some((option) => option === id);
}

/** Which way through tiles has which settings. */
function isOfRedraw(id: FieldId, { redraw = 'none', seamFix = 'none' }: Choice): boolean {
  if (id === 'redraw') return true;
  if (redraw === 'none') return false;
  const isOverlap = redraw === 'overlap';
  if (id === 'redrawOverlap') return isOverlap;
  if (id === 'redrawPadding' || id === 'redrawMaskBlur' || id === 'seamFix') return !isOverlap;
  if (!id.startsWith('seamFix')) return true;
  if (isOverlap || seamFix === 'none') return false;
  if (id === 'seamFixWidth') return seamFix === 'band_pass';
  return id !== 'seamFixMaskBlur' || seamFix !== 'band_pass';
}

/** A sentence for the schedule's control where what it shows is not the whole truth. */
export function scheduleNote(choice: Choice): string | undefined {
  const { ownSigmas, label, defaultSchedule }: SamplerEntry = SAMPLERS[choice.sampler];
  if (ownSigmas) return `${label} has sigmas of its own: the schedule type changes nothing.`;
  return choice.schedule === 'automatic' ? `With ${label}: ${SCHEDULES[defaultSchedule].label}.` : undefined;
}

/** What decides how many steps are taken. */
export type Stepping = Pick<GenerationRequest, 'sampler' | 'denoisingStrength' | 'conventions'> & Redrawing;

/** How many of the steps are taken: not all where it starts from a picture. */
export function stepsTaken(steps: number, stepping: Stepping): number {
  const { sampler, initImage, conventions } = stepping;
  const { denoisingStrength: ofPicture = ADVANCED_DEFAULTS.denoisingStrength } = stepping;
  const { seamFixDenoise: ofSeams = ADVANCED_DEFAULTS.seamFixDenoise } = stepping;
  if (initImage === undefined) return steps;
  const denoisingStrength = ofPicture === 0 && paintsSeams(stepping) ? ofSeams : ofPicture;
  if (denoisingStrength === 0) return 0;
  const { comfySchedule, ownSigmas }: SamplerEntry = SAMPLERS[sampler];
  const isComfy = conventions === 'comfyui' && (comfySchedule === true || !ownSigmas);
  return isComfy ? steps : partSteps(steps, denoisingStrength);
}

/** A sentence for the steps' control where they are not the number. @param steps  where it is sound */
export function stepsNote(stepping: Stepping, steps?: number): string | undefined {
  const { label, modelCalls }: SamplerEntry = SAMPLERS[stepping.sampler];
  const taken = steps === undefined ? undefined : stepsTaken(steps, stepping);
  if (taken === 0) return 'No step is taken: with a denoising strength of 0 nothing is painted.';
  if (modelCalls(1) === undefined) return `${label} decides by itself how many it takes.`;
  if (taken === steps || taken === undefined) return undefined;
  return `${taken === 1 ? '1 is' : `${taken} are`} taken: it starts from a picture, part of the way.`;
}
