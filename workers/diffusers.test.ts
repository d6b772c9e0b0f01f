/** Last latents of tiny pipelines of every family against diffusers' (tools/fixtures/make_pipelines.py). */
import { describe, expect, it } from 'vitest';
import { relativeError } from '../src/core/weights/testing/numbers';
import fixture from '../src/engine/fixtures/pipelines/cases.json';
import type { ModelSource } from '../src/engine/models/model-source';
import { paintTiny, tinyCase, type TinyCase } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

/** Float32 on both sides; the sums run in another order, four steps on end. */
const MAX_RELATIVE_ERROR = 1e-3;

const sourceOf = (one: TinyCase): Promise<ModelSource> => openTinyPack(one, 'float32');

describe('the last latent of', () => {
  it.each(fixture.cases)('$name is that of diffusers', async (one) => {
    const error = relativeError(await paintTiny(one, await sourceOf(one)), one.latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
  });

  it.each(['sdxl', 'inpainting'])('%s is the same where components are loaded in turn', async (name) => {
    const one = tinyCase(name);
    const resident = await paintTiny(one, await sourceOf(one));
    expect(await paintTiny(one, await sourceOf(one), { isTight: true })).toEqual(resident);
  });

  it('families differ from each other by far more than the tolerance', () => {
    const latents = fixture.cases.map(({ latent }) => latent);
    for (const [i, a] of latents.entries())
      for (const b of latents.slice(i + 1)) expect(relativeError(a, b)).toBeGreaterThan(20 * MAX_RELATIVE_ERROR);
  });
});
