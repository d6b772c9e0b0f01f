/** Maps of edges against OpenCV and numpy: tools/fixtures/hint_edge_maps.py. */
import { describe, expect, it } from 'vitest';
import { raster } from '../image/raster';
import { hashOf, madeBytes, madeRaster } from '../image/testing/made-bytes';
import { ANNOTATORS } from '../networks/annotators/recognise';
import { drawHint, type Shown } from './draw-hint';
import { drawnMaps } from './drawn-maps';
import { joinEdges, toScribble } from './edge-maps';
import golden from './fixtures/edge-maps.json' with { type: 'json' };
import { makeHint } from './make-hint';
import type { ControlType, DrawnMap } from './preprocessor';
import { isComputed, preprocessor, PREPROCESSOR_IDS } from './preprocessors';

/** Their networks look at another size: width and height of what they are shown here. */
const SHOWN: Readonly<Partial<Record<ControlType, number[]>>> = {
  depth: [784, 518],
  normal: [784, 518],
  openpose: [192, 256],
};

const madeMap = (width: number, height: number, seed: number): DrawnMap => ({
  width,
  height,
  values: Float32Array.from(madeBytes(width * height, seed), (byte) => (byte - 128) / 16),
});

describe.each(golden.cases)(
  'maps of $size, $steps steps',
  ({ size: [width, height], seed, steps, edges, scribble }) => {
    const maps = [0, 1, 2, 3, 4].map((k) => madeMap(width >> k, height >> k, seed + k));
    const joined = joinEdges(maps, { width, height }, steps);

    it('are joined as OpenCV and numpy do', () => expect(hashOf(joined.data)).toBe(edges));
    it('become a scribble as by OpenCV', () => expect(hashOf(toScribble(joined).data)).toBe(scribble));
  },
);

describe('drawHint', () => {
  const picture = madeRaster({ width: 70, height: 50 }, 3, 4);
  const flat = (value: number, { image }: Shown): DrawnMap[] => {
    const [, , height, width] = image.dims;
    return [{ width, height, values: new Float32Array(width * height).fill(value) }];
  };

  it.each(PREPROCESSOR_IDS.filter((id) => !isComputed(id)))('shows the network a padded picture: %s', async (id) => {
    let shown: Shown | undefined;
    const resolution = 100;
    const hint = await drawHint(id, picture, { resolution }, (given) => {
      shown = given;
      return Promise.resolve(ANNOTATORS[given.network].outputs.flatMap(() => flat(0, given)));
    });
    const [, , high, wide] = shown?.image.dims ?? [];
    const sizes = id === 'lineart_anime' ? [256, 256] : preprocessor(id).types.flatMap((type) => SHOWN[type] ?? []);
    expect([wide, high]).toEqual(sizes.length > 0 ? sizes : [192, 128]);
    expect(shown?.image.data.length).toBe(3 * Number(high) * Number(wide));
    expect(shown?.image.data.some((level) => level > 200)).toBe(true);
    expect([hint.width, hint.height, hint.channels]).toEqual([140, 100, 3]);
    expect(() => makeHint(id, picture)).toThrow(`"${preprocessor(id).label}" needs a network, `);
  });

  it('draws lines white on black', async () => {
    const hint = await drawHint('lineart_realistic', picture, {}, (shown) => Promise.resolve(flat(0.25, shown)));
    expect(new Set(hint.data)).toEqual(new Set([255 - 63]));
  });

  it('runs no network for what needs none', async () => {
    const hint = await drawHint('invert', picture, {}, () => Promise.reject(new Error('a network was run')));
    expect(hint.data).toEqual(makeHint('invert', picture).data);
  });

  it('hands on what goes wrong', async () => {
    const failed = drawHint('softedge_hed', raster(picture, 3), {}, () => Promise.reject(new Error('no weights')));
    await expect(failed).rejects.toThrow('no weights');
  });
});

describe('drawnMaps', () => {
  it('finds the size of each in how many numbers it has', () => {
    const outputs = { a: new Float32Array(128 * 64), b: new Float32Array(16 * 8) };
    const sizes = drawnMaps(outputs, ['b', 'a'], { width: 128, height: 64 }).map(({ width, height }) => [
      width,
      height,
    ]);
    expect(sizes).toEqual([
      [16, 8],
      [128, 64],
    ]);
  });

  it('reads tables by their columns', () => {
    const outputs = { kinds: new Float32Array(700), boxes: new Float32Array(28) };
    const [kinds, boxes] = drawnMaps(outputs, ['kinds', 'boxes'], { width: 128, height: 64 }, [100, 4]);
    expect([kinds.width, kinds.height, boxes.width, boxes.height]).toEqual([100, 7, 4, 7]);
    const broken = () => drawnMaps({ boxes: new Float32Array(27) }, ['boxes'], { width: 128, height: 64 }, [4]);
    expect(broken).toThrow('"boxes" has 27 numbers and is no table of 4 columns.');
  });

  it('refuses what is no map, or not there', () => {
    const size = { width: 128, height: 64 };
    expect(() => drawnMaps({ a: new Float32Array(7) }, ['a'], size)).toThrow('"a" has 7 numbers and is no map');
    expect(() => drawnMaps({}, ['a'], size)).toThrow('"a" has no numbers');
  });
});
