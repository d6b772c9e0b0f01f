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
