/** Tensor.Art: the PNG chunk `generation_data`. */
import { asBag } from '../json-pairs';
import type { Program } from './program';
import { readModel } from './common-keys';
import { readLoras } from './loras';

export const TENSOR_ART: Program = {
  name: 'Tensor.Art',
  isIts: (json) =>
    'samplerName' in json || (asBag(json['baseModel'])?.['modelFileName'] !== undefined && 'prompt' in json),
  keys: {
    'base model': readModel,
    models: (value, draft, keys) => {
      const list = Array.isArray(value) ? (value as unknown[]) : [];
      readLoras(
        list.filter((one) => /lora|lycoris/i.test(String(asBag(one)?.['type']))),
        draft,
        keys,
      );
    },
  },
  ignored: ['work engine', 'image size', 'task id', 'enable hr'],
};
