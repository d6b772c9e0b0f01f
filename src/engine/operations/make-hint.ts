/** What a preprocessor makes of a picture: edges, lines, colours, at the size at which it looks at it; by a network where it has one. */
import { drawnHintFor, type RunNetwork } from '../../core/hints';
import { drawnMaps } from '../../core/hints/drawn-maps';
import { networkFile } from '../../core/hints/preprocessors';
import { fromPixels, toRgba } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const makeHintOperation: Implementation<'make_hint'> = {
  isKept: true,
  identify: async ({ module }, { controls }) => {
    const file = networkFile(module);
    if (file === undefined) return '';
    const { entry } = await controls.annotatorFor(file);
    return `${entry.id} ${await controls.revisionOf(entry.id)}`;
  },
  run: oneByOne(async ({ settings, inputs: { image, mask } }, { controls }) => {
    const { width, height, mode: resizeMode, hintSeed: seed, ...said } = settings;
    const wish = { ...said, seed, resizeMode, target: { width, height }, ...(mask && { mask }) };
    const draw: RunNetwork = async ({ file, image: shown }) => {
      const annotator = await controls.annotatorFor(file);
      const [, , high, wide] = shown.dims;
      const maps = await annotator.draw(shown);
      return drawnMaps(maps, annotator.annotator?.outputs ?? [], { width: wide, height: high });
    };
    let found: string | undefined;
    const hint = await drawnHintFor(fromPixels(image.pixels), wish, draw, (text) => (found = text));
    return { outputs: { image: { pixels: toRgba(hint), ...(found !== undefined && { found }) } } };
  }),
};
