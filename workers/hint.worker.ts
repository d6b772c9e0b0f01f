/** Makes hints for the form to show, while the page goes on. */
import { toAppError } from '../src/core/errors';
import { hintFor, type HintWish } from '../src/core/hints';
import type { Pixels } from '../src/core/image';
import { fromPixels, toRgba } from '../src/core/image/raster';

interface Asked {
  turn: number;
  pixels: Pixels;
  wish: HintWish;
}

self.onmessage = ({ data: { turn, pixels, wish } }: MessageEvent<Asked>): void => {
  try {
    self.postMessage({ turn, hint: toRgba(hintFor(fromPixels(pixels), wish)) });
  } catch (error) {
    self.postMessage({ turn, problem: toAppError(error).message });
  }
};
