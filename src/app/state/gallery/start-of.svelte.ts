/** What a finished picture started from, to be seen beside it: found by its hash, and laid as the picture was. */
import { resizeToFit } from '../../../core/image/geometry';
import { fromPixels, toRgba, type Raster } from '../../../core/image/raster';
import { ADVANCED_DEFAULTS } from '../../../core/recipe/request';
import type { Picture } from '../pictures/picture';
import type { StartPictures } from '../start/start-pictures.svelte';

export const START_GONE =
  'The picture that it started from is not here any more, so that there is nothing to compare it with.';

type Started = Pick<Picture, 'width' | 'height' | 'request'>;

/** It is known what it started from. */
export const hasStart = ({ request }: Pick<Picture, 'request'>): boolean => request.initImage !== undefined;

/** The start laid as the picture lies: where its shape is another, cut or filled as the request says. */
export function laidAsPainted(start: Raster<4>, { width, height, request }: Started): Raster<4> {
  const isItsShape = Math.abs(start.width * height - start.height * width) < Math.max(start.width, start.height);
  const { resizeMode: mode = ADVANCED_DEFAULTS.resizeMode } = request;
  if (isItsShape) return start;
  return toRgba(resizeToFit(start, { width, height }, { mode: mode === 'latent_upscale' ? 'just_resize' : mode }));
}

export class StartOf {
  readonly #pictures: Pick<StartPictures, 'pixels'>;
  readonly #toUrl: (picture: Raster<4>) => Promise<string>;
  #hash: string | undefined;
  #url = $state<string>();
  #problem = $state<string>();

  /** @param toUrl  to be revoked */
  constructor(pictures: Pick<StartPictures, 'pixels'>, toUrl = drawn) {
    this.#pictures = pictures;
    this.#toUrl = toUrl;
  }

  /** Undefined until it is there. */
  get url(): string | undefined {
    return this.#url;
  }
  /** Why it is not, in a sentence. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Looks for it, where that is not done. Never rejects. */
  async find(picture: Started): Promise<void> {
    const { initImage } = picture.request;
    const key = JSON.stringify([initImage, picture.width, picture.height]);
    if (initImage === undefined || this.#hash === key) return;
    this.forget();
    this.#hash = key;
    try {
      const pixels = await this.#pictures.pixels(initImage);
      const url = pixels && (await this.#toUrl(laidAsPainted(fromPixels(pixels), picture)));
      if (this.#hash !== key) return void (url !== undefined && URL.revokeObjectURL(url));
      this.#url = url;
      this.#problem = url === undefined ? START_GONE : undefined;
    } catch (error) {
      console.info('What a picture started from cannot be shown.', error);
      if (this.#hash === key) this.#problem = START_GONE;
    }
  }

  /** The picture that is looked at is another. */
  forget(): void {
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
    this.#hash = this.#url = this.#problem = undefined;
  }
}

async function drawn({ width, height, data }: Raster<4>): Promise<string> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  return URL.createObjectURL(await canvas.convertToBlob());
}
