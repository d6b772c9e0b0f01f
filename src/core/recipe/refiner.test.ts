/** The refiner in recipes, as A1111 writes it. @see A1111 modules/sd_samplers_common.py, apply_refiner; modules/processing_scripts/refiner.py */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '../recipes';
import { AXES } from './grids';
import { isHonoured } from './has-effect';
import { diffRecipe, parseInfotext, readRecipeJson, recipeOf, recipeSettings, writeInfotext } from './infotext';
import { readLink, writeLink } from './links';
import { asksForRefiner, refinedPasses } from './refiner';
import { ADVANCED_DEFAULTS, withDefaults, type GenerationRequest } from './request';

const BASE = 'Steps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, Model hash: 0123456789, Model: base';
const REQUEST: GenerationRequest = {
  ...{ model: 'base', prompt: 'a cat', negativePrompt: '', sampler: 'euler', schedule: 'uniform', noise: 'nv' },
  ...{ steps: 20, cfgScale: 7, seed: 1, width: 512, height: 512 },
};

const settingsOf = (more: string) => recipeSettings(parseInfotext(`a cat\n${BASE}, ${more}`).recipe);

describe('a refiner out of an infotext', () => {
  it.each<[string, Partial<GenerationRequest>]>([
    ['Refiner: other [abcdef0123], Refiner switch at: 0.6', { refinerCheckpoint: 'other [abcdef0123]', refinerSwitchAt: 0.6, refinerBySteps: false, refinerPasses: 'second' }], // prettier-ignore
    ['Refiner: other, Version: v1.10.1', { refinerCheckpoint: 'other', refinerSwitchAt: 0.8 }],
    ['Refiner: other, Refiner switch at: 0.6, Refiner switch by sampling steps: True', { refinerBySteps: true }],
    ['Refiner: other, Version: v1.7.0', { refinerBySteps: true }],
    ['Refiner: other, Version: f2.0.1v1.10.1-previous-669-gdfdcbab6', { refinerBySteps: true }],
    ['Refiner: other, Refiner switch by sampling steps: False, Version: v1.7.0', { refinerBySteps: false }],
    [
      'Denoising strength: 0.5, Hires upscale: 2, Refiner: other, Hires refiner: first pass',
      { refinerPasses: 'first' },
    ],
    [
      'Denoising strength: 0.5, Hires upscale: 2, Refiner: other, Hires refiner: both passes',
      { refinerPasses: 'both' },
    ],
    ['Hires refiner: both passes', { refinerCheckpoint: 'none', refinerPasses: 'second' }],
    ['Refiner: base [0123456789], Refiner switch at: 0.5', { refinerCheckpoint: 'none', refinerSwitchAt: 0.8 }],
    ['Denoising strength: 0.5, Hires upscale: 2, Hires checkpoint: mid, Refiner: base [0123456789]', { refinerCheckpoint: 'base [0123456789]' }], // prettier-ignore
    ['Refiner Model: other, Refiner Switch: 0.5', { refinerCheckpoint: 'other', refinerSwitchAt: 0.5, refinerBySteps: true }], // prettier-ignore
  ])('%s', (more, wanted) => {
    const { settings, notes } = settingsOf(more);
    expect(settings).toMatchObject(wanted);
    expect(notes.filter(({ key }) => key.includes('efiner'))).toEqual([]);
  });

  it('names a share that is none, and takes A1111’s', () => {
    const { settings, notes } = settingsOf('Refiner: other, Refiner switch at: 1.5');
    expect(notes).toEqual([{ key: 'Switch at', message: 'Switch at must be from 0 to 1, not 1.5.' }]);
    expect(settings.refinerSwitchAt).toBeUndefined();
  });

  it('is named where the model paints one size', () => {
    const { recipe } = parseInfotext(`a cat\n${BASE}, Refiner: other, Refiner switch at: 0.5`);
    const { settings, notes } = recipeSettings(recipe, { min: 128, max: 128, step: 8 });
    expect(settings.refinerCheckpoint).toBe('none');
    expect(notes.map(({ message }) => message)).toContain(
      'The refiner other is not applied: this model paints 128 pixels a side and no more.',
    );
  });

  it('would change the form by one line each', () => {
    const { recipe } = parseInfotext(`a cat\n${BASE}, Refiner: other, Refiner switch at: 0.5`);
    const said = diffRecipe(REQUEST, recipe).changes.map(({ label, from, to }) => `${label}: ${from} → ${to}`);
    expect(said).toEqual(expect.arrayContaining(['Refiner checkpoint: None → other', 'Switch at: 0.8 → 0.5']));
  });
});

describe('a refiner in texts', () => {
  const asked: Partial<GenerationRequest> = { refinerCheckpoint: 'other [abcdef0123]', refinerSwitchAt: 0.6 };
  it.each<[Partial<GenerationRequest>, string]>([
    [{}, ', Refiner: other [abcdef0123], Refiner switch at: 0.6'],
    [{ refinerBySteps: true }, 'Refiner switch at: 0.6, Refiner switch by sampling steps: True'],
    [{ hiresScale: 2, refinerPasses: 'both' }, 'Refiner switch at: 0.6, Hires refiner: both passes'],
  ])('is written as A1111 writes it, and comes back: %o', (more, words) => {
    const request = { ...REQUEST, ...asked, ...more };
    const recipe = recipeOf(request);
    const text = writeInfotext(recipe);
    expect(text).toContain(words);
    expect(recipeSettings(parseInfotext(text).recipe).settings).toMatchObject({ ...asked, ...more });
    expect(readRecipeJson(JSON.parse(JSON.stringify(recipe)))).toEqual({ recipe, notes: [] });
  });

  it('says nothing without one, nor of passes where there is one', () => {
    const idle = { ...asked, refinerCheckpoint: 'none' };
    expect(writeInfotext(recipeOf({ ...REQUEST, ...idle, refinerBySteps: true }))).toBe(writeInfotext(recipeOf(REQUEST))); // prettier-ignore
    expect(writeInfotext(recipeOf({ ...REQUEST, ...asked, refinerPasses: 'both' }))).not.toContain('Hires refiner');
  });

  it('travels in links', () => {
    const recipe = recipeOf({ ...REQUEST, ...asked, refinerBySteps: true });
    const link = writeLink(recipe);
    expect(readLink(link)?.recipe.refiner).toEqual(recipe.refiner);
  });
});

describe('refinedPasses', () => {
  const of = (changes: Partial<GenerationRequest>) =>
    refinedPasses(withDefaults({ ...REQUEST, refinerCheckpoint: 'other', ...changes }));

  it('is the only pass, or with hires. fix the second where nothing is said', () => {
    expect(of({})).toEqual({ first: true, second: false });
    expect(of({ refinerPasses: 'second' }), 'there is one').toEqual({ first: true, second: false });
    expect(of({ hiresScale: 2 })).toEqual({ first: false, second: true });
    expect(of({ hiresScale: 2, refinerPasses: 'first' })).toEqual({ first: true, second: false });
    expect(of({ hiresScale: 2, refinerPasses: 'both' })).toEqual({ first: true, second: true });
    expect(of({ hiresScale: 2, denoisingStrength: 0 })).toEqual({ first: false, second: false });
  });

  it('is never the first where the second is alone', () => {
    const alone = { hiresScale: 2, hiresAlone: true, initImage: 'ab', denoisingStrength: 0.4 } as const;
    expect(of({ ...alone })).toEqual({ first: false, second: true });
    expect(of({ ...alone, refinerPasses: 'first' })).toEqual({ first: false, second: false });
    expect(of({ ...alone, refinerPasses: 'both' })).toEqual({ first: false, second: true });
    const both = { first: true, second: true };
    expect(of({ ...alone, refinerPasses: 'both', initMask: 'cd' }), 'not with a mask').toEqual(both);
    expect(of({ hiresScale: 2, hiresAlone: true, refinerPasses: 'both' }), 'without a picture').toEqual(both);
    expect(asksForRefiner(withDefaults({ ...REQUEST, ...alone, refinerCheckpoint: 'other', refinerPasses: 'first' }))).toBe(false); // prettier-ignore
  });

  it('is none where its turn never comes', () => {
    expect(asksForRefiner(withDefaults({ ...REQUEST, refinerCheckpoint: 'other', refinerSwitchAt: 1 }))).toBe(false);
    expect(of({ refinerSwitchAt: 1, refinerBySteps: true }), 'PLMS makes one call more').toMatchObject({ first: true });
    expect(asksForRefiner(ADVANCED_DEFAULTS)).toBe(false);
  });
});

describe('settings of a refiner', () => {
  it('have an effect where there is one, of passes with two', () => {
    const choice = { sampler: 'euler', schedule: 'karras' } as const;
    const ids = ['refinerCheckpoint', 'refinerSwitchAt', 'refinerBySteps', 'refinerPasses'] as const;
    const honoured = (more: object) => ids.filter((id) => isHonoured(id, { ...choice, ...more }));
    expect(honoured({})).toEqual(['refinerCheckpoint']);
    expect(honoured({ hasRefiner: true })).toEqual(ids.slice(0, 3));
    expect(honoured({ hasRefiner: true, hasHires: true })).toEqual(ids);
    expect(honoured({ hasRefiner: true, hasOneSize: true })).toEqual([]);
  });

  it('are A1111’s axes', () => {
    const labels = ['refinerCheckpoint', 'refinerSwitchAt'].map((id) => AXES[id]?.label);
    expect(labels).toEqual(['Refiner checkpoint', 'Refiner switch at']);
  });
});

describe('refiners of other programs', () => {
  const swarm = {
    prompt: 'a',
    negativeprompt: '',
    steps: 30,
    cfgscale: 5,
    seed: 1,
    refinermodel: 'b/other.safetensors',
  };
  const read = (more: object) => readTextRecipe(JSON.stringify({ sui_image_params: { ...swarm, ...more } }));

  it('takes the one of SwarmUI’s methods that goes on with the noise, and names the others', () => {
    const noisy = { refinermethod: 'StepSwapNoisy', refinercontrolpercentage: 0.25 };
    expect(read(noisy)?.recipe.refiner).toEqual({ checkpoint: 'other', switchAt: 22 / 30, bySteps: true });
    for (const other of [
      { refinermethod: 'PostApply' },
      { refinermethod: 'StepSwap' },
      { refinerupscale: 2 },
      { refinersteps: 12 },
    ]) {
      const found = read({ ...noisy, ...other });
      expect(found?.recipe.refiner, JSON.stringify(other)).toBeUndefined();
      expect(found?.notes.map(({ message }) => message).join()).toMatch(/SwarmUI's refiner .* is not carried over/);
    }
  });
});
