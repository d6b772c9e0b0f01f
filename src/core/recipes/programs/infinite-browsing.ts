/** What Infinite Image Browsing says of a picture: both prompts as lists of tags beside the settings. @see zanllp/infinite-image-browsing, vue/src/util */
import { asBag, without } from '../json-pairs';
import type { Program } from './program';

export const INFINITE_BROWSING: Program = {
  name: 'Infinite Image Browsing',
  isIts: (json) => isTexts(json['pos_prompt']) && asBag(json['meta']) !== undefined,
  flatten: (json) => ({
    ...without(json, 'meta', 'pos_prompt', 'neg_prompt', 'lora'),
    ...asBag(json['meta']),
    prompt: joined(json['pos_prompt']),
    negative_prompt: joined(json['neg_prompt']),
  }),
};

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string');
const joined = (value: unknown): string => (isTexts(value) ? (value as string[]).join(', ') : '');
