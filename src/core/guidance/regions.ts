/**
 * Texts that count in a part of the picture: where each is asked, and how much its answer weighs there. Cells of the latent.
 *
 * @see ComfyUI comfy/samplers.py get_area_and_mult, resolve_areas_and_cond_masks, create_cond_with_same_area_if_none, calc_cond_batch
 */
import { AppError } from '../errors';
import type { Size } from '../image/raster';
import { roundHalfEven } from '../math';

export interface Area extends Size {
  x: number;
  y: number;
}

/** A region's place as a graph says it. */
export interface Placing extends Area {
  /** What the four numbers are counted in: nothing, where there is no area; pixels; or shares of the latent. */
  unit: 'none' | 'pixels' | 'shares';
  /** The area is what is around the mask. */
  isWithin: boolean;
}

export interface Region {
  /** The area; undefined: everywhere. */
  area: Area | undefined;
  /** [height, width] of the whole latent. */
  mask: Float32Array | undefined;
  strength: number;
  maskStrength: number;
}

/** Cells over which an area fades at an edge inside of the picture. */
const FUZZ = 8;
/** The least side of what is around a mask. */
const LEAST_SIDE = 8;
/** So that where nothing counts there is no division by nothing. */
const NOTHING = 1e-37;

/** @param latent  `factor`: pixels along a side of a cell @param mask  in the latent's cells */
export function areaOf(
  placing: Placing,
  latent: Size & { factor: number },
  mask: Float32Array | undefined,
): Area | undefined {
  if (mask && placing.isWithin) return around(mask, latent);
  const { unit, width, height, x, y } = placing;
  if (unit === 'none') return undefined;
  const cells = (pixels: number): number => Math.floor(pixels / latent.factor);
  if (unit === 'pixels') return { width: cells(width), height: cells(height), x: cells(x), y: cells(y) };
  const [across, down] = [latent.width, latent.height];
  return {
    width: Math.max(1, roundHalfEven(width * across)),
    height: Math.max(1, roundHalfEven(height * down)),
    x: roundHalfEven(x * across),
    y: roundHalfEven(y * down),
  };
}

function around(mask: Float32Array, { width, height }: Size): Area {
  let [left, top, right, bottom] = [width, height, -1, -1];
  mask.forEach((level, i) => {
    if (level === 0) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  });
  if (right < 0) return { width: LEAST_SIDE, height: LEAST_SIDE, x: 0, y: 0 };
  return {
    width: Math.max(LEAST_SIDE, right - left + 1),
    height: Math.max(LEAST_SIDE, bottom - top + 1),
    x: left,
    y: top,
  };
}

/** What of an area lies within the latent. @throws AppError 'bad-request' where nothing does */
export function within({ width, height, x, y }: Area, latent: Size): Area {
  const [across, down] = [Math.min(width, latent.width - x), Math.min(height, latent.height - y)];
  if (across > 0 && down > 0) return { x, y, width: across, height: down };
  throw new AppError(
    'bad-request',
    `A text is for an area that begins ${x} cells from the left and ${y} from above; the picture has ${latent.width} × ${latent.height}.`,
  );
}

/** @param area  within the latent; undefined: all of it @returns [height, width] of the area */
export function regionWeights(
  { mask, strength, maskStrength }: Region,
  area: Area | undefined,
  latent: Size,
): Float32Array {
  const { x, y, width, height } = area ?? { ...latent, x: 0, y: 0 };
  if (mask)
    return Float32Array.from({ length: width * height }, (_, i) => {
      const level = mask[(y + Math.floor(i / width)) * latent.width + x + (i % width)];
      return Math.fround(level * maskStrength) * strength;
    });
  const weights = new Float32Array(width * height).fill(strength);
  if (!area) return weights;
  const [rows, columns] = [Math.min(FUZZ, height >> 2), Math.min(FUZZ, width >> 2)];
  const fades = { top: y !== 0, bottom: y + height < latent.height, left: x !== 0, right: x + width < latent.width };
  return weights.map((weight, i) => {
    const [column, row] = [i % width, Math.floor(i / width)];
    const down = fade(row, rows, fades.top) * fade(height - 1 - row, rows, fades.bottom);
    return weight * down * fade(column, columns, fades.left) * fade(width - 1 - column, columns, fades.right);
  });
}

const fade = (distance: number, over: number, isFading: boolean): number =>
  isFading && distance < over ? (1 / over) * (distance + 1) : 1;

/** The mean of answers, each by its weights where it was asked. */
export class WeighedAnswers {
  readonly #sum: Float32Array;
  readonly #weights: Float32Array;

  constructor(
    readonly latent: Size,
    channels: number,
  ) {
    const cells = latent.width * latent.height;
    this.#sum = new Float32Array(channels * cells);
    this.#weights = new Float32Array(cells).fill(NOTHING);
  }

  /** @param answer [channels, area.height, area.width] */
  add(answer: Float32Array, weights: Float32Array, area: Area | undefined): void {
    const { x, y, width, height } = area ?? { ...this.latent, x: 0, y: 0 };
    const [sum, shares] = [this.#sum, this.#weights];
    const row = this.latent.width;
    const cells = row * this.latent.height;
    for (let from = 0; from < answer.length; from += width) {
      const cell = from % (width * height);
      const share = y * row + x + (cell / width) * row;
      const at = Math.floor(from / (width * height)) * cells + share;
      for (let i = 0; i < width; i++) sum[at + i] += answer[from + i] * weights[cell + i];
      if (from < width * height) for (let i = 0; i < width; i++) shares[share + i] += weights[cell + i];
    }
  }

  mean(): Float32Array {
    const [shares, cells] = [this.#weights, this.#weights.length];
    const mean = this.#sum.slice();
    for (let from = 0; from < mean.length; from += cells) for (let i = 0; i < cells; i++) mean[from + i] /= shares[i];
    return mean;
  }
}

/**
 * Each area has a counterpart of the same in every other list: the text of the smallest area there that holds it, by its weights.
 *
 * @param lists  what is guided towards, against, and (Perp-Neg) the text that says nothing, in ComfyUI's order; all grow
 * @param retell  the second's text, where and when the first is
 */
export function addCounterparts<Guide extends { area: Area | undefined }>(
  lists: readonly Guide[][],
  retell: (placed: Guide, text: Guide) => Guide,
): void {
  for (const own of lists)
    for (const guide of own)
      for (const others of lists) {
        const text = others === own ? undefined : smallestAround(guide.area, others);
        if (guide.area && text && !isSame(text.area, guide.area)) others.push(retell(guide, text));
      }
}

function smallestAround<Guide extends { area: Area | undefined }>(
  area: Area | undefined,
  guides: readonly Guide[],
): Guide | undefined {
  if (!area) return undefined;
  let smallest: Guide | undefined;
  for (const guide of guides) {
    const { area: other } = guide;
    if (!other) smallest ??= guide;
    else if (holds(other, area) && (!smallest?.area || sizeOf(smallest.area) > sizeOf(other))) smallest = guide;
  }
  return smallest;
}

const sizeOf = ({ width, height }: Area): number => width * height;

const holds = (outer: Area, inner: Area): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

const isSame = (a: Area | undefined, b: Area): boolean =>
  a?.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
