/** Pictures whose edges are joined, as A1111's Tiling joins them, against diffusers (tools/fixtures/make_tiling.py). */
import { describe, expect, it } from 'vitest';
import type { Pixels } from '../src/core/image';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { TilingId } from '../src/core/recipe/tiling-field';
import sizes from '../src/engine/fixtures/pipelines/cases.json';
import fixture from '../src/engine/fixtures/pipelines/tiling.json';
import { Model } from '../src/engine/models/model';
import { decodeLatent } from '../src/engine/operations/decode';
import { paintTiny, tinyCase, TINY_ENTRY } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

/** Float32 on both sides; the sums run in another order. */
const MAX_RELATIVE_ERROR = 1e-3;

const { width, height } = sizes;
const picture: Pixels = {
  width,
  height,
  data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : fixture.picture[3 * Math.floor(i / 4) + (i % 4)],
  ),
};
const UNHEARD = { onEvent: () => undefined, pause: () => Promise.resolve() };
const openModel = async (memoryBytes?: number): Promise<Model> => {
  const source = await openTinyPack(tinyCase('sd15'), 'float32');
  const device = { provider: 'wasm', adapter: '', ...(memoryBytes !== undefined && { memoryBytes }) } as const;
  return new Model({ entry: TINY_ENTRY, source, device, now: () => 0 });
};

describe.each(fixture.cases)(
  'Tiling $tiling, denoising strength $denoisingStrength',
  ({ latent, pixels, ...asked }) => {
    const tiling = asked.tiling as TilingId;
    const { denoisingStrength } = asked;
    const changes = {
      tiling,
      ...(denoisingStrength !== undefined && { denoisingStrength, initImage: 'hash', images: { hash: picture } }),
    };

    it('ends in the latent that diffusers ends in, and in another without it', async () => {
      const paint = async (own: object): Promise<number[]> =>
        paintTiny({ ...tinyCase('sd15'), steps: asked.steps }, await openTinyPack(tinyCase('sd15'), 'float32'), {
          ...changes,
          ...own,
        });
      expect(relativeError(await paint({}), latent)).toBeLessThan(MAX_RELATIVE_ERROR);
      expect(relativeError(await paint({ tiling: 'none' }), latent)).toBeGreaterThan(20 * MAX_RELATIVE_ERROR);
    });

    it('is developed as diffusers develops it', async () => {
      const model = await openModel();
      model.changes.useTiling({ autoencoder: tiling as 'both' | 'x' });
      const cells = model.latentSize(width, height);
      const { pixels: made } = await decodeLatent({ model, ...UNHEARD }, Float32Array.from(latent), cells);
      await model.dispose();
      const rgb = [...made.data].filter((_, i) => i % 4 !== 3);
      const off = rgb.map((value, i) => Math.abs(value - pixels[i]));
      expect(Math.max(...off)).toBeLessThanOrEqual(1);
      expect(off.filter((one) => one > 0).length).toBeLessThan(0.01 * off.length);
    });
  },
);

describe('a picture with joined edges that is developed in tiles', () => {
  const cells = { width: 80, height: 40 };
  const latent = Float32Array.from({ length: 4 * 80 * 40 }, (_, i) => {
    const [x, y] = [i % 80, Math.floor(i / 80) % 40];
    return Math.sin((2 * Math.PI * x) / 80 + i / 3200) + Math.cos((2 * Math.PI * y) / 40);
  });

  /** Mean step from the last column to the first, beside the median step between columns. */
  async function seam(isJoined: boolean): Promise<number> {
    const model = await openModel(1);
    if (isJoined) model.changes.useTiling({ autoencoder: 'both' });
    const { pixels, tiles } = await decodeLatent({ model, ...UNHEARD }, latent, cells);
    await model.dispose();
    expect(tiles).toBeGreaterThan(1);
    const { width: across, height: down, data } = pixels;
    expect([across, down]).toEqual([160, 80]);
    const step = (x: number): number => {
      const at = (column: number, y: number, c: number): number => data[4 * (y * across + column) + c];
      const sum = Array.from({ length: 3 * down }, (_, i) => {
        const [y, c] = [Math.floor(i / 3), i % 3];
        return Math.abs(at((x + 1) % across, y, c) - at(x, y, c));
      }).reduce((a, b) => a + b, 0);
      return sum / (3 * down);
    };
    const inside = Array.from({ length: across - 1 }, (_, x) => step(x)).sort((a, b) => a - b);
    return step(across - 1) / inside[Math.floor(inside.length / 2)];
  }

  it('has no seam where it meets itself, and one without', async () => {
    const [joined, plain] = [await seam(true), await seam(false)];
    console.info(`step at the edge beside the median step: ${joined.toFixed(2)} joined, ${plain.toFixed(2)} not`);
    expect(joined).toBeLessThan(1.5);
    expect(plain).toBeGreaterThan(2 * joined);
  });
});
