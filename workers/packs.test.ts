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

  describe('of 8 bits', () => {
    const one = tinyCase('sdxl');
    const gpu = { provider: 'webgpu', adapter: 'a GPU' } as const;
    /** A tiny model’s weights are some hundred kilobytes. */
    const [large, small] = [2 ** 31, 2 ** 16];

    it.each([
      ['with room', { ...gpu, maxBufferBytes: large }, false, true],
      ['of which its owner says enough', { ...gpu, maxBufferBytes: small, memoryBytes: 24e9 }, false, true],
      ['where memory was short before', { ...gpu, maxBufferBytes: large }, true, false],
      ['with little room', { ...gpu, maxBufferBytes: small }, false, false],
      ['of which nothing is known', gpu, false, false],
      ['that multiplies packed matrices wrongly', { ...gpu, packedMatrices: false }, true, true],
      ['that is the CPU', { ...gpu, provider: 'wasm' as const, maxBufferBytes: large }, false, false],
    ])('on a device %s', async (_, device, staysPacked, isWidened) => {
      const source = await openTinyPack(one, 'q8', { device, staysPacked });
      expect(source.isWidened).toBe(isWidened);
      const wide = await openTinyPack(one, 'float32');
      expect(source.loadedBytes('unet') === wide.loadedBytes('unet')).toBe(isWidened);
    });

    it('of 16 bits has nothing to widen', async () => {
      const source = await openTinyPack(one, 'float16', { device: { ...gpu, maxBufferBytes: large } });
      expect(source.isWidened).toBe(false);
    });
  });
});
