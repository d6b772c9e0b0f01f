import { describe, expect, it } from 'vitest';
import { diffRecipe, parseInfotext, recipeOf, recipeSettings, writeInfotext } from './infotext';
import type { GenerationRequest } from './request';

const REQUEST: GenerationRequest = {
  model: 'starter',
  prompt: 'a red apple',
  negativePrompt: '',
  sampler: 'dpmpp_2m',
  schedule: 'automatic',
  noise: 'nv',
  steps: 8,
  cfgScale: 4,
  seed: 7,
  width: 64,
  height: 64,
  clipSkip: 2,
};

describe('recipeOf', () => {
  it('tells a request as A1111 would, and comes back from its text', () => {
    const recipe = recipeOf(REQUEST, { modelHash: '0123456789', version: 'gesso-0.1.0' });
    const text = writeInfotext(recipe);
    expect(text).toBe(
      'a red apple\nSteps: 8, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 4, Seed: 7, Size: 64x64, ' +
        'Model hash: 0123456789, Model: starter, Clip skip: 2, RNG: NV, Version: gesso-0.1.0',
    );
    expect(parseInfotext(text).recipe).toEqual(recipe);
    expect(diffRecipe(REQUEST, recipe)).toEqual({ changes: [], notes: [] });
  });
});

describe('diffRecipe', () => {
  it('lists what would change, advanced settings that go back to their default included', () => {
    const { recipe } = parseInfotext('a cat\nSteps: 20, Sampler: Euler a, Seed: 1, Size: 64x64, RNG: CPU');
    const { changes } = diffRecipe(REQUEST, recipe);
    expect(changes.map(({ label, from, to }) => `${label}: ${from} > ${to}`)).toEqual([
      'Prompt: a red apple > a cat',
      'Sampler: DPM++ 2M > Euler a',
      'Noise: NV > CPU',
      'Steps: 8 > 20',
      'Seed: 7 > 1',
      'Clip skip: 2 > 1',
    ]);
    const kept = changes.filter(({ field }) => field !== 'prompt');
    const applied = { ...REQUEST, ...Object.fromEntries(kept.map(({ field, value }) => [field, value])) };
    expect(applied).toEqual({ ...REQUEST, sampler: 'euler_ancestral', noise: 'cpu', steps: 20, seed: 1, clipSkip: 1 });
  });

  it('changes prompts alone where the text has nothing else', () => {
    expect(diffRecipe(REQUEST, parseInfotext('a cat').recipe).changes.map(({ field }) => field)).toEqual(['prompt']);
  });
});

describe('recipeSettings', () => {
  it('takes seeds of 64 bits', () => {
    const { settings, notes } = recipeSettings({ prompt: '', negativePrompt: '', seed: '18446744073709551615' });
    expect({ seed: settings.seed, notes }).toEqual({ seed: '18446744073709551615', notes: [] });
  });

  it.each([
    'Tiled Diffusion: {"Method": "MultiDiffusion", "Tile tile width": 96}',
    'Ultimate SD upscale upscaler: None, Ultimate SD upscale tile_width: 512',
  ])('leaves Tiling off beside %s, and says so', (tiles) => {
    const { recipe } = parseInfotext(`a\nSteps: 5, Sampler: Euler, Seed: 1, Tiling: True, ${tiles}`);
    expect(recipe.tiling).toBe('both');
    const { settings, notes } = recipeSettings(recipe);
    expect(settings.tiling).toBe('none');
    expect(notes.filter(({ key }) => key === 'Tiling').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Tiling .*: it is left off\.$/),
    ]);
  });

  it('leaves out what cannot be used, and says so', () => {
    const { recipe } = parseInfotext(
      'a\nSteps: 500, Sampler: Euler, Seed: 1, Size: 512x512, Face restoration: CodeFormer, Hires upscale: 2',
    );
    const { settings, notes } = recipeSettings(recipe, { min: 64, max: 64, step: 16 });
    expect(settings).not.toHaveProperty('steps');
    expect(settings).not.toHaveProperty('width');
    expect(notes.map(({ key }) => key)).toEqual(['Steps', 'Width', 'Height', 'Hires fix', 'Face restoration']);
  });
});
