/** Operations of pictures that are enlarged and painted over tile by tile: see operations.ts. */
import { TILE_SHAPES } from '../redraw/tile-mask';
import { choice, count, number, text, type Operation } from './operation';

/** A box of the picture; it may reach over it at the right and below. */
const BOX = { left: number(), top: number(), right: number(), bottom: number() } as const;

export const REDRAW_OPERATIONS = {
  /** To a size by a network, in steps of four times at most; without one by Lanczos alone. */
  enlarge_to: {
    inputs: { image: 'image' },
    settings: ['width', 'height', 'resizeMode'],
    own: { upscaler: text },
    outputs: { image: 'image' },
  },
  /** What of the picture is painted over next, its edge blurred. */
  tile_mask: {
    inputs: { image: 'image' },
    settings: ['maskBlur'],
    own: { shape: choice(TILE_SHAPES), ...BOX },
    outputs: { mask: 'mask' },
  },
  /** A painted tile at its place in the picture, as ComfyUI's nodes lay it: seen where the mask of that shape is. `x`, `y`: where it was cut out. */
  lay_tile: {
    inputs: { image: 'image', original: 'image' },
    settings: ['maskBlur'],
    own: { shape: choice(TILE_SHAPES), ...BOX, x: count(), y: count() },
    outputs: { image: 'image' },
  },
  /** The part of the whole picture's hint that a tile sees, to the nearest pixel. */
  cut_hint: {
    inputs: { image: 'image' },
    settings: ['width', 'height'],
    own: { ...BOX, wholeWidth: count(1), wholeHeight: count(1) },
    outputs: { image: 'image' },
  },
  /** A tile beside those before it, or a row of tiles below: it fades in over the overlap. `length`: of the side along which they lie. */
  join_tile: {
    inputs: { image: 'image', to: 'image?' },
    settings: [],
    own: { axis: choice(['across', 'down']), at: count(), length: count(1), overlap: count() },
    outputs: { image: 'image' },
  },
} as const satisfies Record<string, Operation>;
