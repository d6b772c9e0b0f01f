/** Both prompts of a request, encoded and put together as a picture's workflow does it. */
import { usesNegative } from '../../core/guidance';
import { planPrompt } from '../../core/prompt';
import type { CompleteRequest } from '../../core/recipe/request';
import type { Encoder } from '../models/encoder';
import {
  encodePrompts,
  guidanceOf,
  type EncodingOptions,
  type GuidanceAt,
  type PromptText,
} from '../operations/text/conditioning';

export interface Conditioning {
  at: GuidanceAt;
  tokens: number;
  notices: readonly string[];
}

export type PromptFields = Pick<CompleteRequest, 'prompt' | 'negativePrompt' | 'cfgScale' | 'dialect' | 'emphasis'>;

export interface ConditioningOptions
  extends EncodingOptions, Pick<PromptText, 'calls' | 'firstPassCalls' | 'oldTimelines'> {
  /** The CFG scale that is used, where it is not the request's. */
  cfgScale?: number;
  /** The negative is wanted where it has no share, too. */
  needsNegative?: boolean;
}

export async function createConditioning(
  { prompt, negativePrompt, cfgScale, dialect, emphasis }: PromptFields,
  encoders: readonly Encoder[],
  options: ConditioningOptions,
): Promise<Conditioning> {
  const { calls, firstPassCalls, oldTimelines, needsNegative = false } = options;
  const reading = { dialect, emphasis, calls, firstPassCalls, oldTimelines };
  const weights = planPrompt(prompt, reading).parts.map(({ weight }) => weight);
  const hasNegative = needsNegative || usesNegative(weights, options.cfgScale ?? cfgScale);
  const texts: PromptText[] = [
    { ...reading, text: prompt },
    ...(hasNegative ? [{ ...reading, text: negativePrompt, isNegative: true }] : []),
  ];
  const encoded = await encodePrompts(texts, encoders, options);
  return {
    at: guidanceOf(encoded[0], encoded.at(1)),
    tokens: Math.max(...encoded.map(({ tokens }) => tokens)),
    notices: [...new Set(encoded.flatMap(({ notices }) => notices))],
  };
}
