/** Recipes that together use every piece of the prompt's grammar, every kind of sampler, noise and setting. */
import type { GenerationRequest } from '../../../src/core/recipe/request';

/** Models of few numbers, by the name of their case in the engine's fixtures. */
export const TINY = {
  sd15: 'sd15',
  inpainting: 'inpainting',
  sd21: 'sd21, v-prediction',
  sdxl: 'sdxl',
} as const;
export type TinyName = keyof typeof TINY;

export interface ReferenceRecipe {
  name: string;
  model: TinyName | 'starter';
  request: Omit<GenerationRequest, 'model'>;
  /** Keys of a recipe from elsewhere, which its pictures carry on. */
  extras?: Record<string, string>;
}

const TINY_BASE = {
  prompt: 'a red apple, on blue',
  negativePrompt: 'dull, grey',
  sampler: 'euler',
  schedule: 'automatic',
  noise: 'nv',
  steps: 4,
  cfgScale: 5,
  seed: 11,
  width: 24,
  height: 16,
} as const satisfies Omit<GenerationRequest, 'model'>;

/** What the starter likes, with fewer steps. */
const STARTER_BASE = {
  ...TINY_BASE,
  prompt: 'a red apple',
  negativePrompt: '',
  schedule: 'sgm_uniform',
  steps: 2,
  cfgScale: 4,
  width: 128,
  height: 128,
} as const satisfies Omit<GenerationRequest, 'model'>;

type Changes = Partial<GenerationRequest>;

const tiny = (model: TinyName, name: string, changes: Changes, extras?: Record<string, string>): ReferenceRecipe => ({
  name,
  model,
  request: { ...TINY_BASE, ...changes },
  ...(extras && { extras }),
});

/** Model by model, so that each is loaded once. */
export const REFERENCE_RECIPES: readonly ReferenceRecipe[] = [
  tiny('sd15', 'plain', {}),
  tiny('sd15', 'emphasis of both kinds', { prompt: '(a (red:1.4) [apple]), on \\(blue\\)', seed: 3, sampler: 'heun' }),
  tiny('sd15', 'prompt editing', {
    prompt: '[a red apple:a green pear:0.5], [very:small:2], [:late:3] [early::1]',
    sampler: 'dpm_2',
    steps: 5,
  }),
  tiny('sd15', 'alternation and BREAK', {
    prompt: '[red|green|blue] apple BREAK on a table',
    sampler: 'euler_ancestral',
    eta: 0.7,
    ensd: 31337,
  }),
  tiny('sd15', 'AND with weights', { prompt: 'an apple :1.2 AND a pear :0.6 AND blue', sampler: 'lms', noise: 'cpu' }),
  tiny('sd15', 'more than one chunk', {
    prompt: Array.from({ length: 90 }, (_, i) => `word${i % 7}`).join(', '),
    sampler: 'dpmpp_2m',
    schedule: 'karras',
    width: 16,
    height: 40,
  }),
  tiny(
    'sd15',
    'comments, tags and foreign keys',
    {
      prompt: 'a cup # of tea\n<lora:shiny:0.8> on <hypernet:x:1>',
      sampler: 'dpmpp_sde',
      noise: 'comfyui',
    },
    { 'Foo bar': 'a: "b", c' },
  ),
  tiny('sd15', 'variation of a long seed', {
    seed: '18446744073709551615',
    variationSeed: 5,
    variationStrength: 0.3,
    sampler: 'ddim',
    eta: 0.5,
  }),
  tiny('sd15', 'noise of another size', {
    resizeSeedFromWidth: 16,
    resizeSeedFromHeight: 24,
    sampler: 'uni_pc',
    steps: 6,
    width: 32,
  }),
  tiny('sd15', 'the rules of ComfyUI', {
    prompt: '(a (red:1.3) apple:0.8), {b|c}',
    dialect: 'comfyui',
    conventions: 'comfyui',
    noise: 'comfyui',
    sampler: 'dpmpp_2m_sde',
    schedule: 'normal',
    clipSkip: 2,
  }),
  tiny('sd15', 'guidance cut short', {
    cfgRescale: 0.7,
    skipEarlyCfg: 0.3,
    ngms: 3,
    steps: 7,
    sampler: 'euler',
    sChurn: 5,
    sTmin: 0.1,
    sTmax: 10,
    sNoise: 1.02,
    emphasis: 'no_norm',
    prompt: '(apple:1.5) pear',
  }),
  tiny('sd15', 'sigmas of its own', {
    schedule: 'polyexponential',
    rho: 1.2,
    sigmaMin: 0.05,
    sigmaMax: 12,
    discardPenultimate: 'always',
    timestepRounding: 'nearest',
    sampler: 'dpmpp_3m_sde',
    steps: 6,
    clipSkip: 2,
  }),
  tiny('sd15', 'both halves of guidance', { sampler: 'ddim_cfg_pp', schedule: 'exponential', cfgScale: 1.5 }),
  tiny('inpainting', 'a mask over everything', { sampler: 'plms', schedule: 'sgm_uniform' }),
  tiny('sd21', 'v-prediction', { sampler: 'dpmpp_2m', schedule: 'beta', betaAlpha: 0.7, betaBeta: 0.5 }),
  tiny('sd21', 'v-prediction with zero terminal SNR', { zeroTerminalSnr: true, cfgRescale: 0.5, sampler: 'euler' }),
  tiny('sdxl', 'two encoders', { prompt: 'a (red:1.2) apple BREAK on blue', sampler: 'dpmpp_2s_ancestral' }),
  tiny('sdxl', 'two encoders without guidance', { cfgScale: 1, negativePrompt: '', sampler: 'lcm', steps: 3 }),
  tiny('sdxl', 'tables of a family', { schedule: 'align_your_steps', sampler: 'euler', steps: 10, dialect: 'comfyui' }),
  { name: 'the starter', model: 'starter', request: { ...STARTER_BASE, seed: 7 } },
  {
    name: 'the starter, plain words',
    model: 'starter',
    request: { ...STARTER_BASE, prompt: 'ein roter Apfel auf Blau' },
  },
  {
    name: 'the starter with a negative prompt',
    model: 'starter',
    request: { ...STARTER_BASE, prompt: 'a [cat:dog:0.5]', negativePrompt: 'blue', sampler: 'dpmpp_2m', noise: 'cpu' },
  },
];
