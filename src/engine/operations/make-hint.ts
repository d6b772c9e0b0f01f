/** What a preprocessor makes of a picture: edges, lines, colours, at the size at which it looks at it; by a network where it has one. */
import { drawnHintFor, type RunNetwork } from '../../core/hints';
import { drawnMaps } from '../../core/hints/drawn-maps';
import { finderOf, networkFile } from '../../core/hints/preprocessors';
import { fromPixels, toRgba } from '../../core/image/raster';
import { oneByOne, type Implementation } from './implementation';

export const makeHintOperation: Implementation<'make_hint'> = {
  isKept: true,
  identify: async ({ module }, { controls }) => {
    const file = networkFile(module);
    if (file === undefined) return '';
    const finder = finderOf(module)?.file;
    const files = finder !== undefined && controls.hasAnnotator(finder) ? [file, finder] : [file];
    const all = await Promise.all(files.map(async (one) => (await controls.annotatorFor(one)).entry));
    return (await Promise.all(all.map(async ({ id }) => `${id} ${await controls.revisionOf(id)}`))).join();
  },
  run: oneByOne(async ({ settings, inputs: { image, mask } }, { controls }) => {
    const { width, height, mode: resizeMode, hintSeed: seed, ...said } = settings;
    const wish = { ...said, seed, resizeMode, target: { width, height }, ...(mask && { mask }) };
    const draw: RunNetwork = async ({ file, image: first, more = [] }) => {
      const annotator = await controls.annotatorFor(file);
      const { outputs = [], columns } = annotator.annotator ?? {};
      const images = [first, ...more];
      const drawn = await annotator.draw(images);
      return drawn.flatMap((maps, i) => {
        const [, , high, wide] = images[i].dims;
        return drawnMaps(maps, outputs, { width: wide, height: high }, columns);
      });
    };
    let found: string | undefined;
    const notices: string[] = [];
    const hint = await drawnHintFor(fromPixels(image.pixels), wish, draw, {
      told: (text) => (found = text),
      said: (notice) => notices.push(notice),
      has: (file) => controls.hasAnnotator(file),
    });
    return { outputs: { image: { pixels: toRgba(hint), ...(found !== undefined && { found }) } }, notices };
  }),
};
