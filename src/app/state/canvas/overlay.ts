/** A mask as a colour over the picture, in a canvas of the picture's size. */
import type { Box, Mask } from '../../../core/image/raster';

/** Seldom in pictures, and seen on light and dark. */
const MASK = { colour: [236, 40, 130], strength: 0.6 } as const;
/** Lines of a hint. */
export const CHALK = { colour: [255, 255, 255], strength: 1 } as const;

export class Overlay {
  readonly canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;
  readonly #mask: Mask;
  readonly #look: typeof MASK | typeof CHALK;
  /** Is told when there is something new to see. */
  onchange: () => void = () => undefined;

  /** @throws Error where the browser has no canvas of that size */
  constructor(mask: Mask, look: typeof MASK | typeof CHALK = MASK) {
    this.#mask = mask;
    this.#look = look;
    this.canvas = new OffscreenCanvas(mask.width, mask.height);
    const context = this.canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    this.#context = context;
    this.update({ left: 0, top: 0, right: mask.width, bottom: mask.height });
  }

  update({ left, top, right, bottom }: Box): void {
    const { data, width } = this.#mask;
    const image = new ImageData(right - left, bottom - top);
    const levels = new Uint32Array(image.data.buffer);
    const { colour: paint, strength } = this.#look;
    const [red, green, blue] = paint;
    const colour = red | (green << 8) | (blue << 16);
    let to = 0;
    for (let row = top; row < bottom; row++)
      for (let at = row * width + left; at < row * width + right; at++)
        levels[to++] = colour | (Math.round(data[at] * strength) << 24);
    this.#context.putImageData(image, left, top);
    this.onchange();
  }

  /** Some browsers keep a canvas's memory until it has no size. */
  free(): void {
    this.canvas.width = this.canvas.height = 0;
  }
}
