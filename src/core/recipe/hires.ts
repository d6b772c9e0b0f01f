/** Hires. fix, the second pass: whether there is one, what it is sampled with, and how recipes tell it. */
import { SCHEDULES, type ScheduleId } from '../schedules';
import { SAMPLERS, type SamplerId } from '../samplers';
import { hiresUpscalerOf } from './hires-upscalers';
import type { HiresRecipe } from './recipe';
import { ADVANCED_DEFAULTS, type AdvancedSettings, type GenerationRequest } from './request';

type HiresId = Extract<keyof AdvancedSettings, `hires${string}`>;

export type HiresSettings = Partial<Pick<AdvancedSettings, HiresId>>;

/** Whether a second pass is made. */
export const hasHires = ({ hiresScale = 1 }: Pick<HiresSettings, 'hiresScale'>): boolean => hiresScale > 1;

/** The picture that it starts from stands for the first pass. @see A1111 modules/txt2img.py, txt2img_upscale */
export const isSecondAlone = (
  said: Pick<HiresSettings, 'hiresScale' | 'hiresAlone'> & Pick<GenerationRequest, 'initImage' | 'initMask'>,
): boolean => said.hiresAlone === true && hasHires(said) && said.initImage !== undefined && said.initMask === undefined;

/** Another checkpoint is to paint the second pass, and has something to paint. */
export const asksForOther = ({
  hiresScale,
  hiresCheckpoint,
  denoisingStrength,
}: Pick<AdvancedSettings, 'hiresScale' | 'hiresCheckpoint' | 'denoisingStrength'>): boolean =>
  hasHires({ hiresScale }) && hiresCheckpoint !== 'same' && denoisingStrength !== 0;

/** The second pass as a recipe tells it; undefined where there is none. */
export function hiresRecipeOf(request: GenerationRequest): HiresRecipe | undefined {
  const settings: AdvancedSettings = { ...ADVANCED_DEFAULTS, ...request };
  const { hiresScale, hiresSteps, hiresCfgScale, hiresUpscaler, hiresSampler, hiresSchedule } = settings;
  const { hiresPrompt, hiresNegativePrompt, hiresCheckpoint } = settings;
  if (!hasHires({ hiresScale })) return undefined;
  return {
    ...(isSecondAlone(request) && { alone: true }),
    ...(hiresCfgScale > 0 && { cfgScale: hiresCfgScale }),
    ...(hiresPrompt !== '' && hiresPrompt !== request.prompt && { prompt: hiresPrompt }),
    ...(hiresNegativePrompt !== '' &&
      hiresNegativePrompt !== request.negativePrompt && { negativePrompt: hiresNegativePrompt }),
    upscale: hiresScale,
    ...(hiresSteps > 0 && { steps: hiresSteps }),
    upscaler: hiresUpscalerOf(hiresUpscaler).label,
    ...(hiresCheckpoint !== 'same' && { checkpoint: hiresCheckpoint }),
    ...(hiresSampler !== 'same' && { sampler: SAMPLERS[hiresSampler].label }),
    ...(hiresSchedule !== 'same' && { schedule: SCHEDULES[hiresSchedule].label }),
  };
}

/** What the second pass is sampled with. */
export function secondPass(request: AdvancedSettings & GenerationRequest): {
  sampler: SamplerId;
  schedule: ScheduleId;
  steps: number;
  cfgScale: number;
  prompt: string;
  negativePrompt: string;
} {
  const { hiresSampler, hiresSchedule, hiresSteps, hiresCfgScale, sampler, schedule, steps, cfgScale } = request;
  return {
    prompt: request.hiresPrompt || request.prompt,
    negativePrompt: request.hiresNegativePrompt || request.negativePrompt,
    sampler: hiresSampler === 'same' ? sampler : hiresSampler,
    schedule: hiresSchedule === 'same' ? schedule : hiresSchedule,
    steps: hiresSteps > 0 ? hiresSteps : steps,
    cfgScale: hiresCfgScale > 0 ? hiresCfgScale : cfgScale,
  };
}
