/** Checkpoints imported into packs make the latents of diffusers, family by family. */
import { describe, expect, it } from 'vitest';
import { relativeError } from '../src/core/weights/testing/numbers';
import { paintTiny, tinyCase } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

describe('a pack', () => {
  it.each(['sd21, v-prediction', 'sdxl', 'inpainting'])('of %s makes the latent of diffusers', async (name) => {
    const one = tinyCase(name);
    expect(relativeError(await paintTiny(one, await openTinyPack(one, 'float16')), one.latent)).toBeLessThan(1e-4);
  });

  it('of 8 bits makes nearly the same, and says what is loaded', async () => {
    const one = tinyCase('sdxl');
    const [plain, packed] = [await openTinyPack(one, 'float32'), await openTinyPack(one, 'q8')];
    const error = relativeError(await paintTiny(one, packed), one.latent);
    expect(error).toBeGreaterThan(1e-4);
    expect(error).toBeLessThan(0.05);
    expect(packed.plan).toBe('q8');
    expect(plain.loadedBytes('unet')).toBeGreaterThan(100_000);
    expect(packed.loadedBytes('unet')).toBeLessThan(plain.loadedBytes('unet'));
    expect(packed.loadedBytes('taesd_decoder')).toBe(0);
  });
});
