/** What forks and other programs call the keys of an infotext. Case, `_`, `-` and capitals inside a word say nothing. */
import { FORGE_MODULE, KEYS } from './keys';

/** Other words for A1111's keys, both as `plainKey` writes them. */
const SYNONYMS: Readonly<Record<string, readonly string[] | undefined>> = {
  // diffusers; the page of A1111; InvokeAI's lists
  Steps: [
    'num inference steps',
    'sampling steps',
    'inference steps',
    'num steps',
    'step count',
    'sample steps',
    'ddim steps',
    'diffusion steps',
  ],
  // A1111's API; SD.Next; the page of A1111
  Sampler: [
    'sampler name',
    'sampler index',
    'sampling method',
    'sampling sampler',
    'sample method',
    'solver type',
    'solver',
    'ksampler',
  ],
  // Fooocus; savers of ComfyUI; SD.Next
  // The last: SD.Next's
  'Schedule type': ['scheduler', 'schedule', 'scheduler name', 'sampler scheduler', 'sigma schedule', 'sampler sigma'],
  'CFG scale': ['cfg', 'guidance scale', 'guidance', 'cfg value', 'cfgs', 'prompt guidance', 'cfgscale', 'txt cfg'],
  Seed: ['noise seed', 'generator seed', 'random seed', 'seed value', 'rand seed'],
  Size: ['image size', 'resolution', 'dimensions', 'picture size'],
  'Model hash': ['base model hash', 'sd model hash', 'checkpoint hash', 'model sha256'],
  Model: [
    'base model',
    'base model name',
    'checkpoint',
    'ckpt',
    'ckpt name',
    'sd model name',
    'sd model checkpoint',
    'sd model',
    'model name',
    'checkpoint name',
    'model weights',
    'stable diffusion model',
    'use stable diffusion model',
    'model file name',
  ],
  VAE: ['vae name', 'sd vae name', 'sd vae', 'vae model', 'use vae model'],
  'VAE hash': ['sd vae hash'],
  // SD.Next; SwarmUI; A1111's API
  'Variation seed': ['subseed', 'variationseed', 'sub seed'],
  'Variation seed strength': ['variation strength', 'subseed strength', 'variationseedstrength', 'variation amount'],
  'Denoising strength': [
    'denoise',
    'denoising',
    'denoise strength',
    'denoising str',
    'hires strength',
    'hires denoise',
    'hires denoising strength',
    'hires denoising',
    'hr denoising strength',
  ],
  'Clip skip': ['clipskip', 'clip stop at last layers', 'clip stop at layer', 'clipstopatlayer'],
  ENSD: ['eta noise seed delta', 'sampler eta delta'],
  RNG: ['randn source', 'rand device', 'rng type'],
  'CFG Rescale': [
    'guidance rescale',
    'cfg rescale multiplier',
    'rescale cfg scale',
    'prompt guidance rescale',
    'cfg rescale phi',
    'rescale cfg',
  ],
  Eta: ['scheduler eta', 'sampler eta'],
  'Sigma churn': ['s churn'],
  'Sigma tmin': ['s tmin', 's min'],
  'Sigma tmax': ['s tmax', 's max'],
  'Sigma noise': ['s noise'],
  'Schedule min sigma': ['sigma min'],
  'Schedule max sigma': ['sigma max'],
  'Schedule rho': ['rho'],
  Tiling: ['seamless'],
  'Hires upscale': [
    'hires scale',
    'hr scale',
    'hires upscale by',
    'hires factor',
    'hires upscale factor',
    'hires fix upscale',
  ],
  'Hires upscaler': ['hr upscaler', 'hires upscaler name', 'hires upscale model', 'hires upscale method'],
  // SD.Next's, where both sides were given
  'Hires resize': ['hires fixed', 'hires resize to', 'hr resize'],
  'Hires steps': ['hr second pass steps', 'hires second pass steps', 'hr steps', 'hires fix steps'],
  'Hires sampler': ['hr sampler name', 'hr sampler'],
  'Hires schedule type': ['hr scheduler', 'hires scheduler'],
  'Hires checkpoint': ['hr checkpoint name', 'hires model'],
  'Hires prompt': ['hr prompt'],
  'Hires negative prompt': ['hr negative prompt'],
  'Hires CFG Scale': ['hr cfg', 'hires cfg'],
  Refiner: ['refiner checkpoint', 'refiner model'],
  'Refiner switch at': ['refiner switch', 'refiner start', 'refine start'],
  'Mask blur': [],
  'Image CFG scale': ['image cfg scale'],
  Version: ['app version'],
};

/** `cfgScale`, `CFG_scale` and `CLiP-skip` become "cfg scale" and "clip skip". */
export function plainKey(key: string): string {
  return key
    .replace(/([a-z])([A-Z])(?=[a-z])/g, '$1 $2')
    .replace(/[\s_-]+/g, ' ')
    .trim()
    .toLowerCase()
    .replace(/^c li p /, 'clip ')
    .replace(/^hi ?res(?: ?\.? ?fix)? /, 'hires ');
}

const BY_PLAIN: ReadonlyMap<string, string> = new Map([
  ...Object.entries(SYNONYMS).flatMap(([key, words = []]) => words.map((word) => [word, key] as const)),
  ...KEYS.flatMap(({ key, aliases = [] }) => [key, ...aliases].map((word) => [plainKey(word), key] as const)),
]);

/** How near a word is to the key that it stands for: 0 is the key itself. */
export function keyRank(word: string, key: string): number {
  if (word === key) return 0;
  const plain = plainKey(word);
  if (plain === plainKey(key) || plain === plainKey(key).replaceAll(' ', '')) return 1;
  const at = SYNONYMS[key]?.indexOf(plain) ?? -1;
  return at === -1 ? 2 : 3 + at;
}

/** A1111's key for the same, where there is one. */
export function canonicalKey(key: string): string | undefined {
  return FORGE_MODULE.test(key) ? key : BY_PLAIN.get(plainKey(key));
}
