/** The checkpoint that paints a request's second pass, where that is not the model of the first. */
import { AppError } from '../../core/errors';
import type { ModelEntry } from '../../core/catalog';
import { asksForOther } from '../../core/recipe/hires';
import { hiresUpscalerOf } from '../../core/recipe/hires-upscalers';
import { paintsOneSize } from '../../core/recipe/size-limits';
import { withDefaults, type GenerationRequest } from '../../core/recipe/request';
import { stripComments } from '../../core/prompt/comments';
import { extractNetworks } from '../../core/prompt/networks';
import { findAdapter, type NamedAdapter } from '../../core/workflow/adapter-nodes';
import type { Parts } from '../../core/workflow';
import { secondPartOf } from '../../core/workflow/second-part';
import type { PictureInputs } from '../api';

export interface SecondModel {
  part: Pick<Parts, 'second'>;
  /** Models to be loaded after the first. */
  models: readonly ModelEntry[];
  /** What is to be said of it. */
  notice?: string;
}

const NONE: SecondModel = { part: {}, models: [] };

/** @throws AppError 'bad-request' for a model that paints no larger picture */
export function secondModelOf(
  said: GenerationRequest,
  first: ModelEntry,
  { secondModel: entry, adapters = [] }: Pick<PictureInputs, 'secondModel' | 'adapters'>,
): SecondModel {
  const request = withDefaults(said);
  if (!entry || !asksForOther(request)) return NONE;
  const second = secondPartOf(first, entry);
  if (entry.id === first.id) return { ...NONE, part: { second } };
  if (paintsOneSize(entry.size))
    throw new AppError(
      'bad-request',
      `${entry.name} paints ${entry.size.min} pixels a side and no more: choose another Hires checkpoint.`,
    );
  const isPicture = 'network' in hiresUpscalerOf(request.hiresUpscaler);
  const leftOut = second.isOtherFamily && request.hiresPrompt === '' ? lorasOf(request, adapters) : [];
  const notices = [
    ...(second.hasOtherLatents && !isPicture ? [readAgain(first, entry)] : []),
    ...(leftOut.length > 0
      ? [`The LoRAs ${leftOut.join(', ')} are for ${first.name} and left out of the second pass.`]
      : []),
  ];
  return {
    part: { second },
    models: [entry],
    ...(notices.length > 0 && { notice: notices.join(' ') }),
  };
}

/** That are here, as the prompt's tags call them. */
export const lorasOf = (
  { prompt, dialect }: Pick<GenerationRequest, 'prompt' | 'dialect'>,
  adapters: readonly NamedAdapter[],
): string[] =>
  dialect === 'comfyui'
    ? []
    : extractNetworks(stripComments(prompt)).networks.flatMap(({ kind, name }) =>
        kind === 'lora' && findAdapter(name, adapters) ? [name] : [],
      );

const readAgain = ({ name: first }: ModelEntry, { name: second }: ModelEntry): string =>
  `${second} has other latents than ${first}: the first pass was developed, and read again by ${second}, before it was enlarged.`;
