/** The checkpoint that paints a request's second pass, where that is not the model of the first. */
import { AppError } from '../../core/errors';
import type { ModelEntry } from '../../core/catalog';
import { sharesLatents } from '../../core/families';
import { asksForOther } from '../../core/recipe/hires';
import { hiresUpscalerOf } from '../../core/recipe/hires-upscalers';
import { paintsOneSize } from '../../core/recipe/problems';
import { withDefaults, type GenerationRequest } from '../../core/recipe/request';
import type { Parts } from '../../core/workflow';

export interface SecondModel {
  part: Pick<Parts, 'second'>;
  /** To be loaded after the first. */
  models: readonly ModelEntry[];
  /** What is to be said of it. */
  notice?: string;
}

const NONE: SecondModel = { part: {}, models: [] };

/** @throws AppError 'bad-request' for a model that paints no larger picture */
export function secondModelOf(said: GenerationRequest, first: ModelEntry, entry: ModelEntry | undefined): SecondModel {
  const request = withDefaults(said);
  if (!entry || !asksForOther(request)) return NONE;
  if (entry.id === first.id) return { ...NONE, part: { second: { model: first.id, hasOtherLatents: false } } };
  if (paintsOneSize(entry.size))
    throw new AppError(
      'bad-request',
      `${entry.name} paints ${entry.size.min} pixels a side and no more: choose another Hires checkpoint.`,
    );
  const hasOtherLatents = !sharesLatents(first.family, entry.family);
  const isPicture = 'network' in hiresUpscalerOf(request.hiresUpscaler);
  return {
    part: { second: { model: entry.id, hasOtherLatents } },
    models: [entry],
    ...(hasOtherLatents && !isPicture && { notice: readAgain(first, entry) }),
  };
}

const readAgain = ({ name: first }: ModelEntry, { name: second }: ModelEntry): string =>
  `${second} has other latents than ${first}: the first pass was developed, and read again by ${second}, before it was enlarged.`;
