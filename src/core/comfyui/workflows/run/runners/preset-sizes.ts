/** Sizes that are chosen by name, and empty latents of them. @see nodes/size-packs.ts for whose they are */
import type { Size } from '../../../../image/raster';
import type { Place, Runners } from '../graph-walk';
import { emptyLatent } from './latents';
import { literal } from './values';

export const PRESET_SIZE_RUNNERS: Runners = {
  /** @see Comfyroll nodes_aspect_ratio.py */
  size_by_ratio: (at) => {
    const own = { width: at.number('width'), height: at.number('height') };
    const named = namedSize(at.text('aspect_ratio')) ?? own;
    const turned = at.text('swap_dimensions') === 'On' ? { width: named.height, height: named.width } : named;
    const factors = ['upscale_factor', 'prescale_factor']
      .filter((name) => at.value(name))
      .map((name) => at.number(name));
    const [, scale = 1] = factors;
    const size = { width: Math.trunc(turned.width * scale), height: Math.trunc(turned.height * scale) };
    const count = at.number('batch_size');
    const numbers = [size.width, size.height, ...factors, count];
    return [...numbers.flatMap((number) => literal(number)), latentOf(at, size, count), ...literal('')];
  },
  latent_of_named_size: (at) => {
    const size = namedSize(at.text('resolution'));
    if (!size) throw at.stop(`${at.text('resolution')} is no size.`);
    return [latentOf(at, size, at.number('batch_size'))];
  },
};

/** Cells have eight pixels: what is left over of one is dropped. */
const latentOf = (at: Place, { width, height }: Size, count: number) =>
  emptyLatent(at, { width: width - (width % 8), height: height - (height % 8) }, count);

/** `512x768` and `896 x 1152 (0.78)`, whatever stands before; undefined where no size is said. */
export function namedSize(text: string): Size | undefined {
  const found = /(?:^|\s)(\d{2,5}) ?x ?(\d{2,5})(?:\s|$)/.exec(text);
  return found ? { width: Number(found[1]), height: Number(found[2]) } : undefined;
}
