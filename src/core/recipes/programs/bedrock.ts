/** Amazon's models: texts and settings in objects of their own. @see AWS, Amazon Bedrock user guide, Titan and Nova Canvas */
import { asBag, without } from '../json-pairs';
import type { Program } from './program';

export const BEDROCK: Program = {
  name: 'Amazon Bedrock',
  isIts: (json) => textsOf(json)?.['text'] !== undefined && asBag(json['imageGenerationConfig']) !== undefined,
  flatten(json) {
    const { text, negativeText, ...texts } = textsOf(json) ?? {};
    const rest = without(json, 'textToImageParams', 'imageVariationParams', 'imageGenerationConfig', 'taskType');
    const size = { ...rest, ...texts, ...asBag(json['imageGenerationConfig']) };
    return { ...size, prompt: text, negative_prompt: negativeText };
  },
  ignored: ['number of images'],
};

const textsOf = (json: Readonly<Record<string, unknown>>) =>
  asBag(json['textToImageParams']) ?? asBag(json['imageVariationParams']);
