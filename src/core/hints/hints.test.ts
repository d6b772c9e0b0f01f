/** Against OpenCV and numpy as sd-webui-controlnet calls them: tools/fixtures/hint_preprocessors.py. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { raster } from '../image/raster';
import { hashOf, madeRaster } from '../image/testing/made-bytes';
import { findEdges, makeHint, resizeToBlocks, type PreprocessorId } from '.';
import { onWhite } from './annotator-size';
import golden from './fixtures/hints.json' with { type: 'json' };
import { madeCase, madePicture } from './testing/made-picture';

const GROUP = 50;

describe('findEdges', () => {
  it.each(golden.canny.map((hash, group) => [group * GROUP, hash] as const))(
    'makes every pixel of cv2.Canny of 50 pictures from seed %i on',
    (first, hash) => {
      const made = createHash('sha256');
      for (let seed = first; seed < first + GROUP; seed++) {
        const { picture, low, high } = madeCase(seed);
        made.update(findEdges(picture, { low, high }).data);
      }
      expect(made.digest('hex').slice(0, 16)).toBe(hash);
    },
  );

  it('goes by colours, not by their grey', () => {
    const picture = raster({ width: 8, height: 8 }, 3);
    for (let i = 0; i < 64; i++) picture.data.set(i % 8 < 4 ? [200, 0, 0] : [0, 102, 0], 3 * i); // of equal grey
    expect(findEdges(picture, { low: 100, high: 200 }).data.filter((level) => level === 255)).toHaveLength(8);
  });

  it.each([0, 128, 255])('finds nothing in a picture of level %i alone', (level) => {
    const picture = raster({ width: 9, height: 5 }, 3);
    picture.data.fill(level);
    expect(new Set(findEdges(picture, { low: 1, high: 1 }).data)).toEqual(new Set([0]));
  });
});

describe('makeHint', () => {
  it.each(golden.preprocessors)(
    'makes the bytes of sd-webui-controlnet: $id of $picture at $resolution, $thresholdA, $thresholdB',
    ({ id, picture, size, hash, ...values }) => {
      const [width, height, seed] = picture;
      const hint = makeHint(id as PreprocessorId, madePicture({ width, height }, seed), values);
      expect([hint.width, hint.height]).toEqual(size);
      expect(hashOf(hint.data)).toBe(hash);
    },
  );
});

describe('sizes of annotators', () => {
  it('lays what is clear on white, levels cut off', () => {
    expect(hashOf(onWhite(madeRaster({ width: 64, height: 48 }, 4, 5)).data)).toBe(golden.onWhite);
  });

  it.each(Object.entries(golden.blocks))('resizes to blocks of 64 as controlnet_aux does: %s', (name, hash) => {
    const [width, height, seed, resolution] = name.split(' ').map(Number);
    expect(hashOf(resizeToBlocks(madePicture({ width, height }, seed), resolution).data)).toBe(hash);
  });
});
