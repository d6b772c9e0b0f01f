/** Against masks drawn by Pillow and boxes stated in Python: tools/fixtures/redraw_tiles.py. */
import { describe, expect, it } from 'vitest';
import { opencvGaussian, pillowGaussian } from '../image/blur';
import { cropAround } from '../image/geometry';
import { maskBounds } from '../image/masks';
import type { Box, Mask } from '../image/raster';
import { hashOf } from '../image/testing/made-bytes';
import { cropTile } from './crop-tile';
import golden from './fixtures/tiles.json' with { type: 'json' };
import { tileSize } from './painted-size';
import { planRedraw, type RedrawSettings } from './plan-redraw';
import { softTileMask, tileMask } from './tile-mask';

const USUAL: RedrawSettings = {
  ...{ order: 'linear', tileWidth: 512, tileHeight: 0, padding: 32, maskBlur: 8 },
  ...{ seamFix: 'none', seamWidth: 64, seamMaskBlur: 4, seamPadding: 16 },
};

type Case = (typeof golden.cases)['four tiles'];

const settingsOf = ({ settings }: Case): RedrawSettings => ({
  ...{ order: settings.order as RedrawSettings['order'], tileWidth: settings.tw, tileHeight: settings.th },
  ...{ padding: settings.padding, maskBlur: settings.blur, seamFix: settings.fix as RedrawSettings['seamFix'] },
  ...{ seamWidth: settings.band, seamMaskBlur: settings.seam_blur, seamPadding: settings.seam_padding },
});

const boundsOf = (mask: Mask): Box => {
  const bounds = maskBounds(mask);
  if (!bounds) throw new RangeError('nothing is masked');
  return bounds;
};
const numbers = ({ left, top, right, bottom }: Box): number[] => [left, top, right, bottom];

describe('planRedraw', () => {
  it.each(Object.entries(golden.cases))('lays masks and boxes as the scripts do: %s', (_, { settings, passes }) => {
    const picture = { width: settings.width, height: settings.height };
    const plan = planRedraw(picture, settingsOf({ settings, passes }), settings.comfy ? 'comfyui' : 'a1111');
    expect(plan).toHaveLength(passes.length);
    plan.forEach(({ shape, box, target, maskBlur, padding }, i) => {
      const mask = tileMask(picture, shape, box);
      expect(hashOf(mask.data), `mask ${i}`).toBe(passes[i].mask);
      if (settings.comfy) {
        const made = cropTile(boundsOf(mask), { picture, target, padding, isUniform: settings.uniform });
        expect(hashOf(pillowGaussian(mask, maskBlur).data), `soft mask ${i}`).toBe(passes[i].soft);
        expect([numbers(made.box), [made.size.width, made.size.height]], `box ${i}`).toEqual([
          passes[i].box,
          passes[i].size,
        ]);
        return;
      }
      const soft = opencvGaussian(mask, { across: maskBlur, down: maskBlur });
      expect(hashOf(soft.data), `soft mask ${i}`).toBe(passes[i].soft);
      expect([target.width, target.height]).toEqual(passes[i].size);
      expect(numbers(cropAround(boundsOf(soft), { picture, target, padding })), `box ${i}`).toEqual(passes[i].box);
    });
  });

  it('covers every pixel of a picture with white, in either order', () => {
    const picture = { width: 200, height: 120 };
    for (const order of ['linear', 'chess'] as const) {
      const masks = planRedraw(picture, { ...USUAL, order, tileWidth: 64 }).map(({ shape, box }) =>
        tileMask(picture, shape, box),
      );
      expect(masks).toHaveLength(8);
      expect(masks[0].data.every((_, pixel) => masks.some(({ data }) => data[pixel] === 255))).toBe(true);
    }
  });

  it('blurs a mask as if the whole of it were gone through', () => {
    const picture = { width: 190, height: 130 };
    for (const seamFix of ['band_pass', 'half_tile_intersections'] as const)
      for (const sigma of [0, 0.3, 2, 8, 30])
        for (const { shape, box } of planRedraw(picture, { ...USUAL, tileWidth: 64, seamFix, seamWidth: 24 })) {
          const whole = opencvGaussian(tileMask(picture, shape, box), { across: sigma, down: sigma });
          const soft = softTileMask(picture, shape, { box, maskBlur: sigma });
          expect(hashOf(soft.data), `${shape} ${JSON.stringify(box)} ${sigma}`).toBe(hashOf(whole.data));
        }
  });

  it('has no seam where there is one tile', () => {
    const picture = { width: 512, height: 512 };
    for (const seamFix of ['band_pass', 'half_tile', 'half_tile_intersections'] as const)
      expect(planRedraw(picture, { ...USUAL, seamFix })).toHaveLength(1);
  });
});

describe('tileSize', () => {
  it('takes a side of 0 for a square', () => {
    expect(tileSize({ tileWidth: 512, tileHeight: 0 })).toEqual({ width: 512, height: 512 });
    expect(tileSize({ tileWidth: 0, tileHeight: 768 })).toEqual({ width: 768, height: 768 });
    expect(() => tileSize({ tileWidth: 0, tileHeight: 0 })).toThrow(RangeError);
  });
});
