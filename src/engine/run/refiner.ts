/** The checkpoint that takes over on the way, where a request asks for one. */
import { AppError } from '../../core/errors';
import type { ModelEntry } from '../../core/catalog';
import { sharesLatents } from '../../core/families';
import { paintsOneSize } from '../../core/recipe/size-limits';
import { ownTexts } from '../../core/recipe/own-vae';
import { refinedPasses } from '../../core/recipe/refiner';
import { withDefaults, type GenerationRequest } from '../../core/recipe/request';
import type { Parts } from '../../core/workflow';
import { refinerPartOf } from '../../core/workflow/second-part';
import type { PictureInputs } from '../api';
import { lorasOf } from './second-model';

export interface Refiner {
  part: Pick<Parts, 'refiner'>;
  /** Models to be loaded beside those that begin the passes. */
  models: readonly ModelEntry[];
  /** What is to be said of it. */
  notice?: string;
}

/** @throws AppError 'bad-request' for a model that cannot go on with what others began */
export function refinerOf(
  said: GenerationRequest,
  first: ModelEntry,
  { refiner: entry, secondModel: second = first, adapters = [] }: PictureInputs,
): Refiner {
  const request = withDefaults(said);
  const passes = refinedPasses(request);
  const begun = [...(passes.first ? [first] : []), ...(passes.second ? [second] : [])];
  const others = begun.filter(({ id }) => id !== entry?.id);
  if (!entry) return { part: {}, models: [] };
  const part = { refiner: refinerPartOf(entry, first, second) };
  if (others.length === 0) return { part, models: [] };
  for (const one of others)
    if (!sharesLatents(one.family, entry.family))
      throw new AppError(
        'bad-request',
        `${entry.name} has other latents than ${one.name}, with which it cannot go on: choose another Refiner checkpoint.`,
      );
  if (
    paintsOneSize(entry.size) &&
    (passes.second || request.width !== entry.size.min || request.height !== entry.size.min)
  )
    throw new AppError(
      'bad-request',
      `${entry.name} paints ${entry.size.min} pixels a side and no more: choose another Refiner checkpoint.`,
    );
  const { first: isOfOther, second: isOfOtherAgain } = part.refiner.isOtherFamily;
  const isOtherFamily = (passes.first && isOfOther) || (passes.second && isOfOtherAgain);
  const { prompt, hiresPrompt, control = [] } = request;
  const texts = ownTexts(request);
  const prompts = [passes.first || hiresPrompt === '' ? prompt : hiresPrompt, passes.second ? hiresPrompt : ''];
  const loras = prompts.flatMap((text) => lorasOf({ ...request, prompt: text }, adapters));
  const leftOut = [
    ...(loras.length > 0 ? [`the LoRAs ${[...new Set(loras)].join(', ')}`] : []),
    ...(texts.length > 0 ? [`the text encoders of ${texts.join(', ')}`] : []),
    ...(control.length > 0 ? ['the control'] : []),
  ];
  const isSaid = isOtherFamily && leftOut.length > 0;
  return {
    part,
    models: [entry],
    ...(isSaid && { notice: `${entry.name} is of another family: it goes on without ${leftOut.join(' and ')}.` }),
  };
}
