/** Each setting together with tiles: the engine refuses what the page is told that it does, and nothing else. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../core/errors';
import type { Field } from '../core/recipe/field';
import { FIELDS } from '../core/recipe/fields';
import { ADVANCED_IDS, type GenerationRequest } from '../core/recipe/request';
import { mayBeTiled } from '../core/tiled-diffusion/tiles';
import { Engine } from './engine';
import { createFake, FAKE_ENTRY } from './testing/fake-ports';

const request: GenerationRequest = {
  ...{ model: 'fake', prompt: 'a', negativePrompt: 'b', sampler: 'euler', schedule: 'karras', noise: 'cpu' },
  ...{ steps: 2, cfgScale: 2, seed: 1, width: 64, height: 64 },
};
const TILES = { tiledMethod: 'multidiffusion', tileWidth: 16, tileHeight: 16, tileOverlap: 4 } as const;

/** Values beside the default: every choice, the end of a range that is near it. */
function valuesOf(field: Field): unknown[] {
  if (field.kind === 'choice') return Object.keys(field.choices).filter((id) => id !== field.default);
  if (field.kind === 'flag') return [!field.default];
  if (field.kind !== 'number') return [];
  const { min, max, default: usual = 0 } = field;
  return [min === usual ? Math.min(max, min + 1) : min];
}

const settings = ADVANCED_IDS.filter((id) => FIELDS[id].group !== 'tiles').map(
  (id) => [id, valuesOf(FIELDS[id])] as const,
);

describe('a request in tiles', () => {
  const engine = new Engine(createFake().ports);
  const outcome = (changed: GenerationRequest): Promise<string> =>
    engine
      .generate(changed, FAKE_ENTRY, () => undefined)
      .then(
        () => 'painted',
        (thrown: unknown) => (thrown instanceof AppError ? thrown.message : 'not told'),
      );

  it('tells that tiles are refused with self-attention guidance', async () => {
    const guided = { ...request, sagScale: 0.5 };
    expect(mayBeTiled(guided)).toBe(false);
    expect(await outcome({ ...guided, ...TILES })).toMatch(/painted at once/);
  });

  it.each(settings)('is taken with %s, as it is without tiles', async (id, values) => {
    for (const value of values) {
      const changed = { ...request, [id]: value } as GenerationRequest;
      if (!mayBeTiled(changed)) continue;
      expect(await outcome({ ...changed, ...TILES }), String(value)).toBe(await outcome(changed));
    }
  });
});
