/** What lies over a picture, in a canvas of the picture's size: a mask as a colour, or colours. */
import { raster, type Box, type Mask, type Raster, type Size } from '../../../core/image/raster';
import { within } from './brush';
import { boxAround } from './shapes';

interface Look {
  colour: readonly [number, number, number];
  /** Colour of thin lines across it. */
  lines?: readonly [number, number, number];
  strength: number;
}

/** Seen on light and dark; its lines are seen where the picture is as red as it is. */
const MASK: Look = { colour: [236, 40, 130], lines: [255, 255, 255], strength: 0.6 };
/** Colours of a hint's lines, over a picture and over black. */
export const PINK: Look = { colour: [236, 40, 130], strength: 0.6 };
export const CHALK: Look = { colour: [255, 255, 255], strength: 1 };
/** From line to line: this share of the longer side, as a power of two, of which the line itself is one in eight. */
const LINES = 1 / 48;
const LEAST_BETWEEN = 8;

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
  readonly #look: Look;
  /** Pixels from line to line. */
  readonly #between: number;

  constructor(mask: Mask, look: Look = MASK) {
    super(mask);
    this.#mask = mask;
    this.#look = look;
    this.#between = 2 ** Math.round(Math.log2(Math.max(LEAST_BETWEEN, Math.max(mask.width, mask.height) * LINES)));
  }

  protected pixels({ left, top, right, bottom }: Box): ImageData | undefined {
    const { data, width } = this.#mask;
    const image = new ImageData(right - left, bottom - top);
    const levels = new Uint32Array(image.data.buffer);
    const { colour, lines = colour, strength } = this.#look;
    const [plain, line] = [packed(colour), packed(lines)];
    const [places, thick] = [this.#between - 1, this.#between / 8];
    let to = 0;
    for (let row = top; row < bottom; row++)
      for (let column = left; column < right; column++) {
        const paint = ((row + column) & places) < thick ? line : plain;
        levels[to++] = paint | (Math.round(data[row * width + column] * strength) << 24);
      }
    return image;
  }
}

const packed = ([red, green, blue]: Look['colour']): number => red | (green << 8) | (blue << 16);

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
