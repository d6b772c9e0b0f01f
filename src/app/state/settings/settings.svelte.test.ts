import { describe, expect, it } from 'vitest';
import { requestProblems } from '../../../core/recipe/problems';
import { fieldOf } from '../../../core/recipe/request';
import { CATALOG } from '../../testing/catalog';
import { Settings } from './settings.svelte';

const NUMBER_FIELDS = ['steps', 'cfgScale', 'seed', 'width', 'height'] as const;

describe('Settings', () => {
  it('begin with what the model likes', () => {
    expect(new Settings(CATALOG).toRequest(() => 5)).toEqual({
      model: 'small',
      prompt: '',
      negativePrompt: '',
      noise: 'nv',
      seed: 5,
      ...CATALOG.models[0].defaults,
    });
  });

  it('leave as plain data that can be cloned and that core accepts', () => {
    const settings = new Settings(CATALOG);
    settings.prompt = 'a cat';
    const request = settings.toRequest();
    expect(structuredClone(request)).toEqual(request);
    expect(requestProblems(request, CATALOG.models[0].size)).toEqual({});
  });

  it('take and keep a seed that no number holds', () => {
    const settings = new Settings(CATALOG);
    const change = { field: 'seed', label: 'Seed', from: '', to: '', value: '18446744073709551615' } as const;
    settings.useChanges([change]);
    expect(settings.problems.seed).toBeUndefined();
    expect(settings.toRequest().seed).toBe('18446744073709551615');
    const stored = JSON.parse(JSON.stringify(settings.toStored())) as Record<string, unknown>;
    expect(new Settings(CATALOG, stored).toRequest().seed).toBe('18446744073709551615');
  });

  it('draw a seed for -1 only', () => {
    const settings = new Settings(CATALOG);
    expect(settings.toRequest(() => 99).seed).toBe(99);
    settings.seed = 7;
    expect(settings.toRequest(() => 99).seed).toBe(7);
  });

  describe.each(NUMBER_FIELDS)('%s', (field) => {
    it.each([null, NaN, Infinity, 1e300, -5, 0.3])('refuses %s with a sentence that names the control', (value) => {
      const settings = new Settings(CATALOG);
      settings[field] = value;
      expect(settings.problems[field]).toContain(fieldOf(field).label);
      expect(() => settings.toRequest()).toThrow(fieldOf(field).label);
      expect(settings[field]).toBe(value);
    });
  });

  it('refuse sizes off the step and beyond what the model paints', () => {
    const settings = new Settings(CATALOG);
    settings.width = 128;
    expect(settings.problems.width).toBe('Width must be 64: this model paints no other size.');
    settings.useModel('large');
    settings.width = 300;
    expect(settings.problems.width).toBe('Width must be a multiple of 8: try 304.');
  });

  it('take a model with its settings, and keep prompt and seed', () => {
    const settings = new Settings(CATALOG);
    Object.assign(settings, { prompt: 'a cat', seed: 3, steps: 150 });
    settings.useModel('large');
    expect(settings.toRequest()).toMatchObject({
      model: 'large',
      prompt: 'a cat',
      seed: 3,
      ...CATALOG.models[1].defaults,
    });
  });

  it('come back as they were kept', () => {
    const kept = new Settings(CATALOG);
    kept.useModel('large');
    Object.assign(kept, {
      prompt: 'ü',
      negativePrompt: 'blurry',
      sampler: 'euler_ancestral',
      seed: 12,
      width: 256,
      provider: 'wasm',
    });
    const stored = JSON.parse(JSON.stringify(kept.toStored())) as Record<string, unknown>;
    expect(new Settings(CATALOG, stored).toStored()).toEqual(kept.toStored());
  });

  it('leave broken kept values aside, each by itself', () => {
    const broken = {
      model: 'gone',
      prompt: 7,
      steps: 1e9,
      cfgScale: '4',
      seed: null,
      width: 63,
      sampler: 'toString',
      schedule: {},
      noise: 'x',
      provider: 'cuda',
    };
    expect(new Settings(CATALOG, broken).toStored()).toEqual(new Settings(CATALOG).toStored());
    expect(new Settings(CATALOG, { ...broken, prompt: 'kept' }).prompt).toBe('kept');
  });

  it('refuse a catalogue without models', () => {
    expect(() => new Settings({ models: [] })).toThrow('lists no model');
  });
});
