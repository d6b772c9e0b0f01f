import { expect, it } from 'vitest';
import type { GenerationRequest } from '../../../core/recipe/request';
import { CATALOG } from '../../testing/catalog';
import { Settings } from '../settings/settings.svelte';
import { formGraph } from './form-graph';

it('is painted in the tiles that the form’s next picture is painted in', () => {
  const settings = new Settings({ models: CATALOG.models });
  const typesWith = (tiles: Partial<GenerationRequest>) => {
    const roomTiles = { apply: (request: GenerationRequest) => ({ ...request, ...tiles }) };
    const { document } = formGraph({ settings, library: { controls: [] }, roomTiles } as never);
    return document.root.nodes.map(({ type }) => type);
  };
  expect(typesWith({})).not.toContain('TiledDiffusion');
  expect(typesWith({ tiledMethod: 'multidiffusion' })).toContain('TiledDiffusion');
});

it('gives a refiner of another family no LoRA of the form’s prompt', () => {
  const [{ id, name }] = CATALOG.models;
  const settings = new Settings({ models: CATALOG.models });
  const asked = {
    ...{ prompt: 'a pear <lora:ink:0.7>', dialect: 'a1111', sampler: 'euler', hiresScale: 1 },
    ...{ refinerCheckpoint: 'other', refinerSwitchAt: 0.5, refinerBySteps: true },
  } as const;
  const lorasWith = (families: readonly [string, string]) => {
    const usable = [id, 'other'].map((one, i) => ({ id: one, name: one === id ? name : one, family: families[i] }));
    const library = { controls: [], usable, modelFacts: (one: string) => ({ model: one }) };
    const roomTiles = { apply: (request: GenerationRequest) => ({ ...request, ...asked }) };
    const model = { ...settings.model, family: families[0] };
    const form = { toRequest: () => settings.toRequest(), model };
    const { document } = formGraph({ settings: form, library, roomTiles } as never);
    return document.root.nodes.filter(({ type }) => type === 'LoraLoader').length;
  };
  expect(lorasWith(['sdxl', 'sdxl'])).toBe(2);
  expect(lorasWith(['sdxl', 'sdxl-refiner'])).toBe(1);
});
