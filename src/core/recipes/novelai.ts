/** NovelAI's JSON as a recipe, as A1111 takes it. @see A1111 modules/images.py, read_info_from_image */
import { parseJson } from '../infotext/json-end';
import { readPairs } from '../infotext/parse';
import { findSampler, type Note, type Recipe } from '../infotext';
import { SAMPLERS } from '../samplers';
import { asBag, toPairs } from './json-pairs';

export interface NovelAiPicture {
  comment: string;
  description: string;
  width?: number;
  height?: number;
}

/** Undefined where the comment is no JSON. */
export function readNovelAi({
  comment,
  description,
  ...size
}: NovelAiPicture): { recipe: Recipe; notes: Note[] } | undefined {
  const json = asBag(parseJson(comment));
  if (!json) return undefined;
  const sampler = findSampler(String(json['sampler'])) ?? 'euler_ancestral';
  const [width, height] = [json['width'] ?? size.width, json['height'] ?? size.height];
  const pairs = toPairs([
    ['Steps', json['steps']],
    ['Sampler', SAMPLERS[sampler].label],
    ['CFG scale', json['scale']],
    ['Seed', json['seed']],
    ['Size', width !== undefined && height !== undefined ? `${String(width)}x${String(height)}` : undefined],
    ['Clip skip', 2],
    ['ENSD', 31337],
  ]);
  const negative = json['uc'];
  const prompt = description === '' && typeof json['prompt'] === 'string' ? json['prompt'] : description;
  return readPairs({ prompt, negativePrompt: typeof negative === 'string' ? negative : '' }, pairs);
}
