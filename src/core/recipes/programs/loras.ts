/** Lists of LoRAs, in the shapes that programs give them. */
import { LORA_WITH_BRACKETS } from '../../recipe/lora-weight';
import { asBag } from '../json-pairs';
import { fileStem, isNothing, toNumber, type Draft } from './draft';
import type { Reader } from './program';

/**
 * `[{"name", "weight"}]`, `[{"model": {"name"}, "weight"}]`, `[["name", 0.7]]`, `["name - 0.7"]`, `"name : 0.7"`, `{"name": 0.7}`,
 * or names alone.
 */
export const readLoras: Reader = (value, draft) => {
  const bag = asBag(value);
  const list = Array.isArray(value) ? value : bag && !hasName(bag) ? Object.entries(bag) : [value];
  for (const one of list) readLora(one, draft);
};

const NAMES = [
  'name',
  'model_name',
  'lora_name',
  'modelFileName',
  'lora',
  'model',
  'file',
  'filename',
  'label',
  'modelName',
  'path',
];
const WEIGHTS = ['weight', 'strength', 'strength_model', 'unet', 'scale', 'multiplier', 'alpha'];

/** Tags of prompts, where they stand in a key of their own. */
const TAG = /<(?:lora|lyco):([^:>\n]+)(?::(-?[\d.]+))?[^>\n]*>/i;

/** "ink - 0.7", "ink:0.7". */
const WITH_WEIGHT = /^(.*?)(?:\s*[:-]\s+|\s+[:-]\s*|:)(-?[\d.]+)$/;

type Bag = Record<string, unknown>;
const hasName = (bag: Bag): boolean => NAMES.some((key) => key in bag);

function readLora(one: unknown, draft: Draft): void {
  const bag = asBag(one);
  if (bag) readLoraBag(bag, draft);
  else if (Array.isArray(one)) {
    const numbers = one.map(toNumber).filter((number) => number !== undefined);
    const weight = (one.find((number) => typeof number === 'number') as number | undefined) ?? numbers[0];
    const [name] = one.filter(
      (text) => typeof text === 'string' && text !== '' && toNumber(text) === undefined,
    ) as string[];
    // PixAI names them by numbers.
    const number = one.find((text) => typeof text === 'string' && text !== '') as string | undefined;
    if (name === undefined && weight !== undefined && number !== undefined) draft.lora(number, weight);
    if (name === undefined) return;
    if (weight === undefined) readLora(name, draft);
    else draft.lora(fileStem(name), weight);
  } else if (typeof one === 'string' && TAG.test(one)) {
    for (const [, name, weight] of one.matchAll(new RegExp(TAG, 'gi')))
      draft.lora(fileStem(name), toNumber(weight) ?? 1);
  } else if (typeof one === 'string' && !isNothing(one)) {
    const [, name, weight] = WITH_WEIGHT.exec(one) ?? LORA_WITH_BRACKETS.exec(one) ?? [];
    draft.lora(fileStem(name ?? one), toNumber(weight) ?? 1);
  }
}

/** Lists of pages keep what is switched off. */
const SWITCHES = ['enabled', 'isEnabled', 'active', 'on', 'enable'];

function readLoraBag(bag: Bag, draft: Draft): void {
  if (SWITCHES.some((key) => bag[key] === false)) return;
  const found = NAMES.map((key) => bag[key]).find((value) => asBag(value) !== undefined || typeof value === 'string');
  const inner = asBag(found);
  const name = inner ? NAMES.map((key) => inner[key]).find((value) => typeof value === 'string') : found;
  // AI Horde calls the weight "model", as a number.
  const weight = [...WEIGHTS.map((key) => bag[key]), bag['model']].map(toNumber).find((number) => number !== undefined);
  const text = ['strength_clip', 'text', 'clip', 'tenc_weight']
    .map((key) => toNumber(bag[key]))
    .find((number) => number !== undefined);
  if (typeof name === 'string' && name !== '') draft.lora(fileStem(name), weight ?? 1, text);
}

/** Names in one key, weights in another: as lists, or as texts with commas. */
export function readLoraLists(names: unknown, weights: unknown, draft: Draft, texts?: unknown): void {
  const list = (value: unknown): unknown[] =>
    Array.isArray(value) ? value : typeof value === 'string' ? value.split(',').map((part) => part.trim()) : [value];
  const numbers = list(weights);
  const ofTexts = list(texts);
  list(names).forEach((name, i) => {
    if (typeof name === 'string' && !isNothing(name))
      draft.lora(fileStem(name), toNumber(numbers[i]) ?? 1, toNumber(ofTexts[i]));
  });
}
