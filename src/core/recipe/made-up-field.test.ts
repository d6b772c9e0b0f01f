/** One more setting is one line of FIELDS: a made-up one of each kind is checked, written, read, linked, varied and told. */
import { describe, expect, it, vi } from 'vitest';
import type { Field } from './field';
import type { GenerationRequest } from './request';

const MADE_UP = {
  fog: { kind: 'number', label: 'Fog', group: 'noise', min: 0, max: 5, step: 0.5, integer: false, default: 0, infotext: { key: 'Fog' } }, // prettier-ignore
  mood: { kind: 'choice', label: 'Mood', group: 'prompt', choices: { calm: { label: 'Calm' }, wild: { label: 'Wild' } }, default: 'calm', infotext: { key: 'Mood' } }, // prettier-ignore
  mirrored: { kind: 'flag', label: 'Mirrored', group: 'guidance', default: false, infotext: { key: 'Mirrored' } },
  grain: { kind: 'number', label: 'Grain', group: 'sampling', isBasic: true, min: 1, max: 9, step: 1, integer: true, default: 3, infotext: { key: 'Grain' }, link: { key: 'g' } }, // prettier-ignore
} as const satisfies Record<string, Field>;

vi.mock('./fields', async (original) => {
  const { FIELDS } = await original<typeof import('./fields')>();
  return { FIELDS: { ...FIELDS, ...MADE_UP } };
});

const { diffRecipe, parseInfotext, recipeOf, readRecipeJson, recipeSettings, writeInfotext } =
  await import('./infotext');
const { readLink, writeLink } = await import('./links');
const { AXES, gridCells, parseGrid } = await import('./grids');
const { requestProblems } = await import('./problems');
const { withDefaults } = await import('./request');
const { advancedFacts, basicFacts } = await import('./say-value');

const REQUEST = {
  model: 'starter',
  prompt: 'a cat',
  negativePrompt: '',
  sampler: 'euler',
  schedule: 'karras',
  noise: 'nv',
  steps: 8,
  cfgScale: 4,
  seed: 7,
  width: 128,
  height: 128,
  grain: 5,
} as GenerationRequest;
const ASKED = { ...REQUEST, fog: 2.5, mood: 'wild', mirrored: true };

describe('a made-up setting', () => {
  it('is checked, and filled in where it is not basic', () => {
    expect(requestProblems(ASKED)).toEqual({});
    const wrong = { ...ASKED, fog: 6, mood: 'sad', mirrored: 'yes', grain: undefined } as unknown as GenerationRequest;
    expect(requestProblems(wrong)).toEqual({
      fog: 'Fog must be from 0 to 5, not 6.',
      mood: 'Mood "sad" is not known: calm, wild.',
      mirrored: 'Mirrored must be on or off.',
      grain: 'Grain must be a number from 1 to 9.',
    });
    expect(withDefaults(REQUEST)).toMatchObject({ fog: 0, mood: 'calm', mirrored: false, grain: 5 });
  });

  it('travels in infotexts, before the keys of the second pass', () => {
    const text = writeInfotext({ ...recipeOf(ASKED), version: 'gesso-0.1.0' });
    expect(text).toContain('RNG: NV, Fog: 2.5, Mood: Wild, Mirrored: True, Grain: 5, Version');
    expect(recipeSettings(parseInfotext(text).recipe).settings).toMatchObject({
      fog: 2.5,
      mood: 'wild',
      mirrored: true,
      grain: 5,
    });
    expect(writeInfotext(recipeOf({ ...REQUEST, ...{ fog: 0, mood: 'calm' } }))).not.toMatch(/Fog|Mood/);
  });

  it('travels in links, by its key or its id', () => {
    const link = writeLink(recipeOf(ASKED));
    expect(link).toContain('&fog=2.5&mood=wild&mirrored=1&g=5&v=1');
    expect(readLink(link)).toEqual({ recipe: recipeOf(ASKED), notes: [] });
    expect(readLink(writeLink(recipeOf(REQUEST)))?.recipe).toMatchObject({ grain: 5 });
    expect(readLink('#p=a&fog=9&v=1')?.notes.map(({ key }) => key)).toEqual(['fog']);
  });

  it('comes out of JSON', () => {
    const { recipe, notes } = readRecipeJson({ ...ASKED, mood: 'sad' });
    expect([recipe, notes.map(({ key }) => key)]).toEqual([expect.objectContaining({ fog: 2.5, grain: 5 }), ['mood']]);
  });

  it('is varied by grids, and told of in words', () => {
    const context = { models: [], drawSeed: () => 1, request: ASKED };
    const drafts = [
      { id: 'mood', text: 'Calm, wild' },
      { id: 'fog', text: '1-2 (+0.5)' },
    ];
    const cells = gridCells(ASKED, parseGrid(drafts, context));
    expect(cells.map(({ request }) => (request as unknown as typeof ASKED).fog)).toEqual([1, 1, 1.5, 1.5, 2, 2]);
    expect(Object.keys(AXES)).toEqual(expect.arrayContaining(Object.keys(MADE_UP)));
    expect(basicFacts(REQUEST)).toContain('Grain 5');
    expect(advancedFacts(ASKED)).toEqual(['Fog 2.5', 'Mood Wild', 'Mirrored']);
    expect(diffRecipe(REQUEST, recipeOf(ASKED)).changes.map(({ label, from, to }) => [label, from, to])).toEqual([
      ['Fog', '0', '2.5'],
      ['Mood', 'Calm', 'Wild'],
      ['Mirrored', 'off', 'on'],
    ]);
  });
});
