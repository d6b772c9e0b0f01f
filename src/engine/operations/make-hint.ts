/** What a preprocessor makes of a picture: edges, lines, colours, at the size at which it looks at it. */
import { hintFor } from '../../core/hints';
import { fromPixels, toRgba } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const makeHintOperation: Implementation<'make_hint'> = {
  isKept: true,
  run: oneByOne(({ settings, inputs: { image } }) => {
    const { width, height, mode: resizeMode, hintSeed: seed, ...said } = settings;
    const hint = hintFor(fromPixels(image.pixels), { ...said, seed, resizeMode, target: { width, height } });
    return Promise.resolve({ outputs: { image: { pixels: toRgba(hint) } } });
  }),
};
