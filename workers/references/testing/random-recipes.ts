/**
 * Random requests and what a recipe can hold besides, as they were when the references were made: what the tables of today
 * have more changes none of them.
 */
import type { Dice } from '../../../src/core/recipe/testing/random';
import type { Recipe } from '../../../src/core/recipe/infotext';
import type { GenerationRequest } from '../../../src/core/recipe/request';

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
  'masterpiece, best quality, ',
];

const SAMPLERS = (
  'dpmpp_2m dpmpp_sde dpmpp_2m_sde dpmpp_2m_sde_heun dpmpp_2s_ancestral dpmpp_3m_sde euler_ancestral euler lms heun dpm_2 ' +
  'dpm_2_ancestral dpm_fast dpm_adaptive restart ddim ddim_cfg_pp plms uni_pc lcm ddpm heunpp2 ipndm ipndm_v deis'
).split(' ');
const SCHEDULES = (
  'automatic uniform karras exponential polyexponential sgm_uniform kl_optimal align_your_steps simple normal ddim beta ' +
  'align_your_steps_gits turbo lcm sd_turbo beta_comfy kl_optimal_comfy align_your_steps_comfy'
).split(' ');

const LARGEST = Number.MAX_SAFE_INTEGER;

/** A choice, a flag, or numbers: whole multiples of a step, or any. */
type Values = readonly string[] | 'flag' | { min: number; max: number; step: number };

const ADVANCED: Readonly<Record<string, Values>> = {
  dialect: ['a1111', 'comfyui'],
  emphasis: ['original', 'no_norm', 'ignore', 'none'],
  clipSkip: { min: 1, max: 12, step: 1 },
  variationSeed: { min: 0, max: LARGEST, step: 1 },
  variationStrength: { min: 0, max: 1, step: 0 },
  resizeSeedFromWidth: { min: 0, max: 2048, step: 8 },
  resizeSeedFromHeight: { min: 0, max: 2048, step: 8 },
  ensd: { min: -LARGEST, max: LARGEST, step: 1 },
  conventions: ['a1111', 'comfyui'],
  eta: { min: 0, max: 1, step: 0 },
  sChurn: { min: 0, max: 100, step: 0 },
  sTmin: { min: 0, max: 10, step: 0 },
  sTmax: { min: 0, max: 999, step: 0 },
  sNoise: { min: 0, max: 1.1, step: 0 },
  sigmaMin: { min: 0, max: 10, step: 0 },
  sigmaMax: { min: 0, max: 5000, step: 0 },
  rho: { min: 0, max: 100, step: 0 },
  betaAlpha: { min: 0, max: 10, step: 0 },
  betaBeta: { min: 0, max: 10, step: 0 },
  discardPenultimate: ['auto', 'always'],
  zeroTerminalSnr: 'flag',
  timestepRounding: ['auto', 'fractional', 'nearest'],
  cfgRescale: { min: 0, max: 1, step: 0 },
  skipEarlyCfg: { min: 0, max: 1, step: 0 },
  ngms: { min: 0, max: 15, step: 0 },
  ngmsAllSteps: 'flag',
};

const HASHES = { foo: '0123456789ab', 'bar baz': 'ba9876543210' };

export interface RandomRecipe {
  request: GenerationRequest;
  /** What the recipe of a picture has besides its request's. */
  more: Partial<Recipe>;
}

export function randomRecipe(dice: Dice): RandomRecipe {
  const maybe = <Value extends object>(value: Value) => (dice.chance(0.15) ? value : {});
  const more: Partial<Recipe> = {
    ...(dice.chance(0.7) && { modelHash: '6ce0161689' }),
    model: dice.pick(['starter', 'v1-5-pruned', 'a, b: c', '模型']),
    version: dice.pick(['gesso-0.1.0', 'v1.10.1', 'f2.0.1v1.10.1-previous-669-gdfdcbab6']),
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
    ...maybe({ refiner: { checkpoint: 'sdxl [0123456789]', switchAt: 0.8 } }),
    ...maybe({ other: { Tiling: 'True', 'Face restoration': 'CodeFormer' } }),
    ...maybe({ unknown: { 'Foo bar': randomText(dice, 5) || 'x', 'x/y': '1', __proto__x: '{"a": [1, 2]}' } }),
    ...maybe({ user: 'me' }),
  };
  return { request: randomRequest(dice), more };
}

function randomRequest(dice: Dice): GenerationRequest {
  const request = {
    model: 'x',
    prompt: randomText(dice, 12),
    negativePrompt: randomText(dice, 6),
    sampler: dice.pick(SAMPLERS),
    schedule: dice.pick(SCHEDULES),
    noise: dice.pick(['cpu', 'nv', 'comfyui']),
    steps: 1 + dice.below(150),
    cfgScale: (2 + dice.below(58)) / 2,
    seed: randomSeed(dice),
    width: 64 + 8 * dice.below(248),
    height: 64 + 8 * dice.below(248),
    ...randomAdvanced(dice),
  };
  return request as GenerationRequest;
}

function randomAdvanced(dice: Dice): Record<string, unknown> {
  const some = Object.entries(ADVANCED).filter(() => dice.chance(0.1));
  return Object.fromEntries(some.map(([id, values]) => [id, randomValue(dice, values)]));
}

function randomValue(dice: Dice, values: Values): unknown {
  if (values === 'flag') return dice.chance(0.5);
  if (!('min' in values)) return dice.pick(values);
  const { min, max, step } = values;
  const value = min + dice.roll() * (max - min);
  return step > 0 ? Math.trunc(Math.round(value / step) * step) : dice.chance(0.5) ? value : Number(value.toFixed(2));
}

function randomSeed(dice: Dice): number | string {
  const random = (BigInt(dice.below(2 ** 32)) << 32n) | BigInt(dice.below(2 ** 32));
  const seed = BigInt.asUintN(dice.pick([8, 32, 53, 54, 64]), random);
  return seed <= BigInt(LARGEST) ? Number(seed) : String(seed);
}

function randomText(dice: Dice, most: number): string {
  const lines = dice
    .text(PIECES, most)
    .split('\n')
    .map((line) => line.trim());
  return lines.join('\n').trim();
}
