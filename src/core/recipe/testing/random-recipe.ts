/** Recipes of every kind, as a text can hold them: no space around a line, no line that looks like another part. */
import type { Field } from '../field';
import { NOISES, type NoiseId } from '../../noise';
import { ADVANCED_IDS, fieldOf, type GenerationRequest } from '../request';
import { SAMPLERS, type SamplerId } from '../../samplers';
import { SCHEDULES, type ScheduleId } from '../../schedules';
import { toSeedValue } from '../seed-value';
import { recipeOf } from '../recipe-of';
import type { Recipe } from '../recipe';
import { isForge } from '../infotext/version';
import type { Dice } from './random';

const PIECES = [
  'a cat',
  ', ',
  '(big:1.2)',
  '[a:b:0.5]',
  ' AND ',
  '<lora:x:0.8>',
  ': ',
  '"',
  '\\',
  'é',
  '猫',
  '🙂',
  '\n',
  'Steps: 3',
  '#',
  '&=+%',
];
const HASHES = { foo: '0123456789ab', 'bar baz': 'ba9876543210' };
const SAMPLER_IDS = Object.keys(SAMPLERS) as SamplerId[];
const SCHEDULE_IDS = Object.keys(SCHEDULES) as ScheduleId[];
const NOISE_IDS = Object.keys(NOISES) as NoiseId[];

export function randomRecipe(dice: Dice): Recipe {
  const maybe = <Value extends object>(value: Value) => (dice.chance(0.15) ? value : {});
  const base = recipeOf(randomRequest(dice), {
    ...(dice.chance(0.7) && { modelHash: '6ce0161689' }),
    model: dice.pick(['starter', 'v1-5-pruned', 'a, b: c', '模型']),
    version: dice.pick(['gesso-0.1.0', 'v1.10.1', 'f2.0.1v1.10.1-previous-669-gdfdcbab6']),
  });
  return {
    ...base,
    seed: randomSeed(dice),
    ...maybe({ vae: 'some.safetensors', vaeHash: '735e4c3a44' }),
    ...maybe({ loraHashes: HASHES, tiHashes: HASHES }),
    ...maybe({
      loras: [
        { name: 'foo', unet: 0.8, text: -1 },
        { name: 'a:b', unet: 1, text: 0 },
      ],
    }),
    ...maybe({
      denoisingStrength: 0.5,
      hires: { upscale: 1.5, steps: 3, upscaler: 'Latent', prompt: randomText(dice, 5) || 'x' },
    }),
    ...maybe({ maskBlur: 4, inpaintArea: 'masked' as const, maskedPadding: 32, maskedContent: 'fill' as const }),
    ...maybe({ inpaint: { initImageHash: '0123456789abcdef' } }),
    // Forge counts steps
    ...maybe({
      refiner: { checkpoint: 'sdxl [0123456789]', switchAt: 0.8, ...(isForge(base.version) && { bySteps: true }) },
    }),
    ...maybe({ other: { 'Face restoration': 'CodeFormer' } }),
    ...maybe({ unknown: { 'Foo bar': randomText(dice, 5) || 'x', 'x/y': '1', __proto__x: '{"a": [1, 2]}' } }),
    ...maybe({ user: 'me' }),
  };
}

function randomRequest(dice: Dice): GenerationRequest {
  return {
    model: 'x',
    prompt: randomText(dice, 12),
    negativePrompt: randomText(dice, 6),
    sampler: dice.pick(SAMPLER_IDS),
    schedule: dice.pick(SCHEDULE_IDS),
    noise: dice.pick(NOISE_IDS),
    steps: 1 + dice.below(150),
    cfgScale: (2 + dice.below(58)) / 2,
    seed: 0,
    width: 64 + 8 * dice.below(248),
    height: 64 + 8 * dice.below(248),
    ...randomAdvanced(dice),
  };
}

function randomAdvanced(dice: Dice): Partial<GenerationRequest> {
  const ids = ADVANCED_IDS.filter(() => dice.chance(0.1));
  return Object.fromEntries(ids.map((id) => [id, randomValue(dice, fieldOf(id))]));
}

function randomValue(dice: Dice, setting: Field): unknown {
  if (setting.kind === 'text') return randomText(dice, 3);
  if (setting.kind === 'flag') return dice.chance(0.5);
  if (setting.kind === 'choice') return dice.pick(Object.keys(setting.choices));
  const { min, max, step, integer } = setting;
  const value = min + dice.roll() * (max - min);
  return integer ? Math.trunc(Math.round(value / step) * step) : dice.chance(0.5) ? value : Number(value.toFixed(2));
}

function randomSeed(dice: Dice): Recipe['seed'] {
  const bits = BigInt(dice.pick([8, 32, 53, 54, 64]));
  const random = (BigInt(dice.below(2 ** 32)) << 32n) | BigInt(dice.below(2 ** 32));
  return toSeedValue(BigInt.asUintN(Number(bits), random));
}

function randomText(dice: Dice, most: number): string {
  const lines = dice
    .text(PIECES, most)
    .split('\n')
    .map((line) => line.trim());
  return lines.join('\n').trim();
}
