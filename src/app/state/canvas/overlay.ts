/** What lies over a picture, in a canvas of the picture's size: a mask as a colour, or colours. */
import { raster, type Box, type Mask, type Raster, type Size } from '../../../core/image/raster';
import { within } from './brush';
import { boxAround } from './shapes';

/** Seldom in pictures, and seen on light and dark. */
const MASK = { colour: [236, 40, 130], strength: 0.6 } as const;
/** Colour of a hint's lines. */
export const CHALK = { colour: [255, 255, 255], strength: 1 } as const;

export abstract class Overlay {
  readonly #size: Size;
  readonly #whole: Box;
  /** All of it; made when there is something to see. */
  #canvas: OffscreenCanvas | undefined;
  /** Canvas for a part of it: a browser copies a large canvas that was changed before it shows it. */
  #scratch: OffscreenCanvas | undefined;
  /** What is new since all of it was drawn. */
  #stale: Box | undefined;
  /** Is told where there is something new to see. */
  onchange: (box: Box) => void = () => undefined;

  constructor({ width, height }: Size) {
    this.#size = { width, height };
    this.#whole = { left: 0, top: 0, right: width, bottom: height };
    this.#stale = this.#whole;
  }

  update(box: Box): void {
    this.#stale = this.#stale ? boxAround(this.#stale, box) : box;
    this.onchange(box);
  }

  /** Lays it on the picture, in whose pixels the context draws. @throws Error where the browser has no canvas */
  draw(context: CanvasRenderingContext2D): void {
    const image = this.#stale && this.pixels(this.#stale);
    if (image && this.#stale) {
      this.#canvas ??= new OffscreenCanvas(this.#size.width, this.#size.height);
      contextOf(this.#canvas).putImageData(image, this.#stale.left, this.#stale.top);
    }
    this.#stale = undefined;
    if (this.#canvas) context.drawImage(this.#canvas, 0, 0);
  }

  /** The same where all but a part of it is clipped away. */
  drawPart(context: CanvasRenderingContext2D, part: Box): void {
    const box = within(
      {
        ...{ left: Math.floor(part.left), top: Math.floor(part.top) },
        ...{ right: Math.ceil(part.right), bottom: Math.ceil(part.bottom) },
      },
      this.#size,
    );
    const image = box && this.pixels(box);
    if (!image) return;
    const { width, height } = image;
    this.#scratch ??= new OffscreenCanvas(width, height);
    const { width: has, height: hasDown } = this.#scratch;
    if (has < width || hasDown < height)
      Object.assign(this.#scratch, { width: Math.max(has, width), height: Math.max(hasDown, height) });
    contextOf(this.#scratch).putImageData(image, 0, 0);
    context.drawImage(this.#scratch, 0, 0, width, height, box.left, box.top, width, height);
  }

  /** Some browsers keep a canvas's memory until it has no size. */
  free(): void {
    for (const canvas of [this.#canvas, this.#scratch]) if (canvas) canvas.width = canvas.height = 0;
  }

  /** Pixels of a box, for the screen; undefined where nothing was ever painted. */
  protected abstract pixels(box: Box): ImageData | undefined;
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  return context;
}

export class MaskOverlay extends Overlay {
  readonly #mask: Mask;
  readonly #look: typeof MASK | typeof CHALK;

  constructor(mask: Mask, look: typeof MASK | typeof CHALK = MASK) {
    super(mask);
    this.#mask = mask;
    this.#look = look;
  }

  protected pixels({ left, top, right, bottom }: Box): ImageData | undefined {
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
    return image;
  }
}

export class ColourOverlay extends Overlay {
  readonly #layer: () => Raster<4> | undefined;

  /** @param layer  as it is by now; undefined: nothing was painted */
  constructor(size: Size, layer: () => Raster<4> | undefined) {
    super(size);
    this.#layer = layer;
  }

  protected pixels({ left, top, right, bottom }: Box): ImageData | undefined {
    const layer = this.#layer();
    if (!layer) return undefined;
    const part = raster({ width: right - left, height: bottom - top }, 4);
    const { data, width } = layer;
    for (let row = top; row < bottom; row++)
      part.data.set(data.subarray(4 * (row * width + left), 4 * (row * width + right)), 4 * (row - top) * part.width);
    return new ImageData(part.data, part.width, part.height);
  }
}
