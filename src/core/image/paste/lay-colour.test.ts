/** Against Pillow: tools/fixtures/image_sketch.py. */
import { describe, expect, it } from 'vitest';
import { alphaComposite, compositeBox, layColour, type Colour } from '.';
import { raster, toRgba, type Box } from '../raster';
import { madeRaster } from '../testing/made-bytes';
import golden from './fixtures/sketch.json' with { type: 'json' };

const [width, height] = golden.size;
const SIZE = { width, height };
const WHOLE: Box = { left: 0, top: 0, right: width, bottom: height };
const fromHex = (hex: string) => Uint8ClampedArray.from(Buffer.from(hex, 'hex'));
const strokes = golden.strokes.map(({ colour, mask, layer }) => ({
  stroke: { mask: raster(SIZE, 1, fromHex(mask)), colour: (colour ?? undefined) as Colour | undefined },
  after: fromHex(layer),
}));

describe('layColour', () => {
  it('lays strokes on a layer, and erases from it, to the byte of Pillow', () => {
    const layer = raster(SIZE, 4);
    for (const { stroke, after } of strokes) {
      layColour(layer, raster(SIZE, 4, layer.data.slice()), stroke, WHOLE);
      expect(layer.data).toEqual(after);
    }
    const picture = toRgba(madeRaster(SIZE, 3, golden.seed));
    expect(alphaComposite(picture, layer).data).toEqual(fromHex(golden.picture));
  });

  it('comes to the same in parts, and however often', () => {
    const before = raster(SIZE, 4, strokes[0].after.slice());
    const layer = raster(SIZE, 4, before.data.slice());
    for (const box of [{ ...WHOLE, right: 7 }, { ...WHOLE, left: 4, bottom: 5 }, { ...WHOLE, left: 5, top: 3 }, WHOLE])
      layColour(layer, before, strokes[1].stroke, box);
    expect(layer.data).toEqual(strokes[1].after);
  });
});

describe('compositeBox', () => {
  it('changes the box and nothing else', () => {
    const under = toRgba(madeRaster(SIZE, 3, golden.seed));
    const over = raster(SIZE, 4, strokes[0].after);
    const all = alphaComposite(under, over);
    const to = raster(SIZE, 4);
    compositeBox(to, under, over, { left: 3, top: 2, right: 12, bottom: 8 });
    const isInside = (at: number) => at % width >= 3 && at % width < 12 && at >= 2 * width && at < 8 * width;
    expect([...to.data]).toEqual([...all.data].map((level, i) => (isInside(i >> 2) ? level : 0)));
  });
});
