import { describe, expect, it } from 'vitest';
import { qrMatrix, readLink, writeLink } from '.';
import { FIELD_DEFAULTS } from '../request';
import type { Recipe } from '../infotext';
import { compressText, decompressText } from './compress';
import { V1_DICTIONARY, V1_ORDER } from './link-defaults';
import { LINK_KEYS } from './link-keys';

const V1_DEFAULTS = {
  prompt: '',
  negativePrompt: '',
  sampler: 'euler',
  schedule: 'automatic',
  noise: 'nv',
  steps: 20,
  cfgScale: 7,
  seed: 0,
  width: 512,
  height: 512,
} as const satisfies Recipe;
const APPLE: Recipe = {
  ...V1_DEFAULTS,
  prompt: 'a red apple, (shiny:1.2)',
  model: 'starter',
  seed: 7,
  steps: 8,
  cfgScale: 4,
};
const LONG: Recipe = {
  ...APPLE,
  prompt: 'masterpiece, best quality, portrait of a woman in a garden, soft lighting, depth of field, '.repeat(2),
  negativePrompt:
    'lowres, bad anatomy, bad hands, text, error, missing fingers, worst quality, low quality, jpeg artifacts',
};

describe('writeLink', () => {
  it('is readable, leaves out what is usual, and ends in a digit', () => {
    expect(writeLink(APPLE)).toBe('#p=a+red+apple,+(shiny:1.2)&m=starter&seed=7&s=8&c=4&v=1');
    expect(writeLink({ ...V1_DEFAULTS })).toBe('#v=1');
    expect(writeLink({ ...APPLE, prompt: 'a & b = #1 + 50% "猫"' })).toContain(
      '#p=a+%26+b+=+%231+%2B+50%25+%22%E7%8C%AB%22&',
    );
  });

  it('makes long texts short', () => {
    const link = writeLink(LONG);
    expect(link).toMatch(/^#m=starter&seed=7&s=8&c=4&t=[\w-]+&v=1$/);
    expect(link.length).toBeLessThan(180);
    expect(readLink(link)).toEqual({ recipe: LONG, notes: [] });
  });
});

describe('readLink', () => {
  const RECIPES: Record<string, Recipe> = {
    plain: APPLE,
    'prompts alone': { prompt: 'a cat', negativePrompt: 'a dog' },
    'advanced settings': {
      ...APPLE,
      eta: 0.5,
      clipSkip: 2,
      dialect: 'comfyui',
      ngmsAllSteps: true,
      variationSeed: 5,
      variationStrength: 0.1,
    },
    'a long seed': { ...APPLE, seed: '18446744073709551615' },
    'everything else': {
      ...APPLE,
      sampler: 'ddim',
      eta: 0.3,
      modelHash: '0123456789',
      hires: { upscale: 2, upscaler: 'Latent', prompt: 'other, words' },
      loras: [{ name: 'foo', unet: 0.8, text: 1 }],
      loraHashes: { bar: '0123456789ab' },
      other: { 'Face restoration': 'CodeFormer' },
      unknown: { 'Foo bar': 'a: "b", c' },
      version: 'v1.10.1',
    },
  };

  it.each(Object.entries(RECIPES))('brings back %s', (_, recipe) => {
    expect(readLink(writeLink(recipe))).toEqual({ recipe, notes: [] });
    expect(readLink(`https://example.org/gesso/${writeLink(recipe)}`)?.recipe).toEqual(recipe);
  });

  it('lists what it does not know and what is damaged, and reads the rest', () => {
    const { recipe, notes } = readLink('#p=a+cat&s=many&sm=foo&zz=1&n=%E7%8&seed=3&eta=7&v=9') ?? {
      recipe: undefined,
      notes: [],
    };
    expect(recipe).toEqual({ ...V1_DEFAULTS, prompt: 'a cat', seed: 3 });
    expect(notes.map(({ key }) => key)).toEqual(['n', 'v', 's', 'sm', 'eta', 'zz']);
  });

  it('takes no other fragment for a recipe', () => {
    for (const hash of ['', '#', '#top', '#a=b', 'https://example.org/']) expect(readLink(hash)).toBeUndefined();
  });
});

const V1_ADVANCED = {
  betaAlpha: 0,
  betaBeta: 0,
  cfgRescale: 0,
  clipSkip: 1,
  conventions: 'a1111',
  dialect: 'a1111',
  discardPenultimate: 'auto',
  emphasis: 'original',
  ensd: 0,
  eta: undefined,
  ngms: 0,
  ngmsAllSteps: false,
  resizeSeedFromHeight: 0,
  resizeSeedFromWidth: 0,
  rho: 0,
  sChurn: undefined,
  sNoise: undefined,
  sTmax: undefined,
  sTmin: undefined,
  sigmaMax: 0,
  sigmaMin: 0,
  skipEarlyCfg: 0,
  timestepRounding: 'auto',
  variationSeed: 0,
  variationStrength: 0,
  zeroTerminalSnr: false,
};

describe('version 1', () => {
  it('keeps its defaults and its dictionary, as links are kept', () => {
    // New settings may come; these must keep their defaults, or links need a version 2.
    expect(FIELD_DEFAULTS).toMatchObject({ ...V1_DEFAULTS, ...V1_ADVANCED });
    expect(LINK_KEYS.map(({ key }) => key).slice(0, V1_ORDER.length)).toEqual(V1_ORDER);
    expect(V1_DICTIONARY.length).toMatchInlineSnapshot(`2249`);
    expect(compressText('masterpiece, best quality, a cat')).toMatchInlineSnapshot(`"w5PYE0FlFwA"`);
  });

  it('stops at texts that blow up', () => {
    expect(decompressText(compressText('a'.repeat(200_000)))?.length).toBe(200_000);
    expect(decompressText(compressText('a'.repeat(300_000)))).toBeUndefined();
    expect(decompressText('!')).toBeUndefined();
  });
});

describe('qrMatrix', () => {
  it('is a square with the three corners of a QR code, and refuses what does not fit', () => {
    const matrix = qrMatrix(`https://example.org/${writeLink(APPLE)}`) ?? [];
    expect(matrix.length).toBe(matrix[0].length);
    expect((matrix.length - 17) % 4).toBe(0);
    const corner = '1111111,1000001,1011101,1011101,1011101,1000001,1111111';
    const at = (y: number, x: number) =>
      matrix
        .slice(y, y + 7)
        .map((row) =>
          row
            .slice(x, x + 7)
            .map(Number)
            .join(''),
        )
        .join();
    expect([at(0, 0), at(0, matrix.length - 7), at(matrix.length - 7, 0)]).toEqual([corner, corner, corner]);
    expect(qrMatrix('x'.repeat(2953))?.length).toBe(177);
    expect(qrMatrix('x'.repeat(2954))).toBeUndefined();
  });
});
