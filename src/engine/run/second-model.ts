/** The checkpoint that paints a request's second pass, where that is not the model of the first. */
import { AppError } from '../../core/errors';
import type { ModelEntry } from '../../core/catalog';
import { sharesLatents } from '../../core/families';
import { asksForOther } from '../../core/recipe/hires';
import { hiresUpscalerOf } from '../../core/recipe/hires-upscalers';
import { paintsOneSize } from '../../core/recipe/problems';
import { withDefaults, type GenerationRequest } from '../../core/recipe/request';
import { stripComments } from '../../core/prompt/comments';
import { extractNetworks } from '../../core/prompt/networks';
import { findAdapter, type NamedAdapter } from '../../core/workflow/adapter-nodes';
import type { Parts } from '../../core/workflow';
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
  if (entry.id === first.id) return { ...NONE, part: { second: { model: first.id, hasOtherLatents: false } } };
  if (paintsOneSize(entry.size))
    throw new AppError(
      'bad-request',
      `${entry.name} paints ${entry.size.min} pixels a side and no more: choose another Hires checkpoint.`,
    );
  const hasOtherLatents = !sharesLatents(first.family, entry.family);
  const isPicture = 'network' in hiresUpscalerOf(request.hiresUpscaler);
  const isOtherFamily = first.family !== undefined && entry.family !== undefined && first.family !== entry.family;
  const leftOut = isOtherFamily && request.hiresPrompt === '' ? lorasOf(request, adapters) : [];
  const notices = [
    ...(hasOtherLatents && !isPicture ? [readAgain(first, entry)] : []),
    ...(leftOut.length > 0
      ? [`The LoRAs ${leftOut.join(', ')} are for ${first.name} and left out of the second pass.`]
      : []),
  ];
  return {
    part: { second: { model: entry.id, hasOtherLatents, ...(isOtherFamily && { isOtherFamily }) } },
    models: [entry],
    ...(notices.length > 0 && { notice: notices.join(' ') }),
  };
}

/** That are here, as the prompt's tags call them. */
const lorasOf = ({ prompt, dialect }: GenerationRequest, adapters: readonly NamedAdapter[]): string[] =>
  dialect === 'comfyui'
    ? []
    : extractNetworks(stripComments(prompt)).networks.flatMap(({ kind, name }) =>
        kind === 'lora' && findAdapter(name, adapters) ? [name] : [],
      );

const readAgain = ({ name: first }: ModelEntry, { name: second }: ModelEntry): string =>
  `${second} has other latents than ${first}: the first pass was developed, and read again by ${second}, before it was enlarged.`;
