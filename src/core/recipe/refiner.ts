/** Another checkpoint that takes over on the way: in which passes, and how recipes tell it. @see A1111 modules/sd_samplers_common.py, apply_refiner */
import { paintsNothing } from './has-effect';
import { hasHires, isSecondAlone } from './hires';
import type { RefinerRecipe } from './recipe';
import { ADVANCED_DEFAULTS, type AdvancedSettings, type GenerationRequest } from './request';

type RefinerId = Extract<keyof AdvancedSettings, `refiner${string}`>;

export type RefinerSettings = Partial<Pick<AdvancedSettings, RefinerId>>;

type Asked = AdvancedSettings & Pick<GenerationRequest, 'initImage' | 'initMask'>;

/** No call is as late as that by the model's timesteps, of which the last is 999 of 1000. */
const NEVER = 1;

/** Which passes it takes over in; with hires. fix the second alone where nothing else is said. */
export function refinedPasses(asked: Asked): { first: boolean; second: boolean } {
  const { refinerCheckpoint, refinerSwitchAt, refinerBySteps, refinerPasses } = asked;
  const isOff = refinerCheckpoint === 'none' || (!refinerBySteps && refinerSwitchAt >= NEVER);
  if (isOff || paintsNothing(asked)) return { first: false, second: false };
  if (!hasHires(asked)) return { first: true, second: false };
  return {
    first: refinerPasses !== 'second' && !isSecondAlone(asked),
    second: refinerPasses !== 'first' && asked.denoisingStrength !== 0,
  };
}

/** It has something to paint. */
export function asksForRefiner(asked: Asked): boolean {
  const { first, second } = refinedPasses(asked);
  return first || second;
}

/** As a recipe tells it; undefined where there is none. */
export function refinerRecipeOf(request: GenerationRequest): RefinerRecipe | undefined {
  const settings: AdvancedSettings = { ...ADVANCED_DEFAULTS, ...request };
  const { refinerCheckpoint, refinerSwitchAt, refinerBySteps, refinerPasses } = settings;
  if (refinerCheckpoint === 'none') return undefined;
  const saysPasses = hasHires(settings) && refinerPasses !== ADVANCED_DEFAULTS.refinerPasses;
  return {
    checkpoint: refinerCheckpoint,
    switchAt: refinerSwitchAt,
    ...(saysPasses && { passes: refinerPasses }),
    ...(refinerBySteps && { bySteps: true }),
  };
}
