import { describe, expect, it } from 'vitest';
import type { ModelEntry } from '../../../core/catalog';
import { recipeSettings } from '../../../core/recipe/settings';
import { diffRecipe, parseInfotext } from '../../../core/recipe/infotext';
import { CATALOG } from '../../testing/catalog';
import { forgetMine, keepMine } from './my-defaults';
import { Settings } from './settings.svelte';
import { withoutUsual } from './usual-enlarger';

const ENLARGER = 'realesr-animevideov3-x4';
const [small, large] = CATALOG.models;
const MODELS = { models: [{ ...small, enlarger: ENLARGER }, large] } as const satisfies object;
const settingsFor = (stored?: Record<string, unknown>) => new Settings({ models: [...MODELS.models] }, stored);
const enlargerOf = (settings: Settings) => settings.toRequest().enlarger;
const again = (settings: Settings): Settings =>
  settingsFor(JSON.parse(JSON.stringify(settings.toStored())) as Record<string, unknown>);

describe('a model whose pictures come enlarged', () => {
  it('has that in the form of a newcomer, where it is no change', () => {
    const settings = settingsFor();
    expect(enlargerOf(settings)).toBe(ENLARGER);
    expect(settings.advanced.changed).toEqual([]);
    expect(enlargerOf(again(settings))).toBe(ENLARGER);
  });

  it('stays as it is switched off, and is switched on by a reset', () => {
    const settings = settingsFor();
    settings.advanced.set('enlarger', 'none');
    expect(settings.toRequest()).not.toHaveProperty('enlarger');
    const later = again(settings);
    expect(later.toRequest()).not.toHaveProperty('enlarger');
    expect(later.advanced.changed).toEqual(['enlarger']);
    later.advanced.reset('enlarger');
    expect(enlargerOf(later)).toBe(ENLARGER);
    later.advanced.set('enlarger', 'none');
    later.useDefaults();
    expect(enlargerOf(later)).toBe(ENLARGER);
  });

  it('paints for whoever was here before as it painted', () => {
    expect(settingsFor({ model: 'small', steps: 4, advanced: {} }).toRequest()).not.toHaveProperty('enlarger');
    const late = settingsFor();
    late.takeLate({ model: 'small', advanced: { eta: 0.5 } });
    expect(late.toRequest()).not.toHaveProperty('enlarger');
  });

  it('takes it along to no other model, and leaves what was chosen', () => {
    const settings = settingsFor();
    settings.useModel('large');
    expect(settings.toRequest()).not.toHaveProperty('enlarger');
    settings.useModel('small');
    expect(enlargerOf(settings)).toBe(ENLARGER);
    settings.advanced.set('enlarger', '4x-UltraSharp');
    settings.useModel('large');
    expect(enlargerOf(settings)).toBe('4x-UltraSharp');
    const reopened = settingsFor({ model: 'gone', advanced: { enlarger: ENLARGER } });
    reopened.reopen({ model: 'large', advanced: { enlarger: ENLARGER } });
    expect(enlargerOf(reopened)).toBe(ENLARGER);
  });

  it('stays switched off while other models are used, after a reload there too', () => {
    const settings = settingsFor();
    settings.advanced.set('enlarger', 'none');
    settings.useModel('large');
    const later = again(settings);
    for (const each of [settings, later]) {
      each.useModel('small');
      expect(each.toRequest()).not.toHaveProperty('enlarger');
      expect(each.advanced.changed).toEqual(['enlarger']);
    }
    settings.chooseModel('large');
    settings.useModel('small');
    expect(settings.toRequest()).not.toHaveProperty('enlarger');
    later.advanced.reset('enlarger');
    later.useModel('large');
    expect(later.toRequest()).not.toHaveProperty('enlarger');
    later.useModel('small');
    expect(enlargerOf(later)).toBe(ENLARGER);
  });

  it('is not taken for switched off while a model that is not listed yet has its place', () => {
    const large = { ...MODELS.models[1] };
    const catalog = { models: [{ ...small, enlarger: ENLARGER }] as ModelEntry[] };
    const settings = new Settings(catalog, { model: 'large', advanced: {} });
    catalog.models.push(large);
    settings.reopen({ model: 'large', advanced: {} });
    settings.useModel('small');
    expect(enlargerOf(settings)).toBe(ENLARGER);
  });

  it('has it as the person keeps it', () => {
    const settings = settingsFor();
    settings.advanced.set('enlarger', 'none');
    keepMine(settings);
    settings.useModel('large');
    settings.useModel('small');
    expect(settings.toRequest()).not.toHaveProperty('enlarger');
    forgetMine(settings);
    expect(enlargerOf(settings)).toBe(ENLARGER);
  });

  it('follows recipes, which say it or do without', () => {
    const settings = settingsFor();
    settings.useRequest({ ...settingsFor({ advanced: {} }).toRequest(), seed: 3 });
    expect(settings.toRequest()).not.toHaveProperty('enlarger');
    const fresh = settingsFor();
    const old = parseInfotext('a cat\nSteps: 3, Sampler: Euler, CFG scale: 4, Seed: 1, Size: 64x64').recipe;
    const { changes } = diffRecipe(fresh.toDraft(), old, small.size);
    expect(changes.find(({ field }) => field === 'enlarger')).toMatchObject({ to: 'Nothing' });
    fresh.useChanges(changes);
    expect(fresh.toRequest()).not.toHaveProperty('enlarger');
    const text = 'a cat\nSteps: 3, Seed: 1, Postprocess upscale by: 4, Postprocess upscaler: R-ESRGAN AnimeVideo';
    expect(recipeSettings(parseInfotext(text).recipe).settings.enlarger).toBe(ENLARGER);
  });

  it('leaves an area as large as the picture that it is laid into', () => {
    const settings = settingsFor();
    Object.assign(settings, { initImage: 'a'.repeat(64), initMask: 'b'.repeat(64) });
    expect(enlargerOf(settings)).toBe(ENLARGER);
    settings.advanced.set('inpaintArea', 'masked');
    expect(settings.toRequest()).not.toHaveProperty('enlarger');
    settings.advanced.set('enlarger', '4x-UltraSharp');
    expect(enlargerOf(settings)).toBe('4x-UltraSharp');
  });
});

describe('withoutUsual', () => {
  it('takes out what nobody asked for', () => {
    const model = { enlarger: ENLARGER } as const;
    expect(withoutUsual({ eta: 1, enlarger: ENLARGER }, model)).toEqual({ eta: 1 });
    expect(withoutUsual({ enlarger: 'own' }, model)).toEqual({ enlarger: 'own' });
    expect(withoutUsual({ enlarger: ENLARGER }, {})).toEqual({ enlarger: ENLARGER });
  });
});
