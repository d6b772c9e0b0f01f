/** Sizes as ComfyUI's nodes that scale count them. @see ComfyUI nodes.py ImageScale, LatentUpscale; comfy/utils.py common_upscale */
import type { Box, Size } from '../raster';

export const CROPS = ['disabled', 'center'] as const;

export interface Scaling extends Size {
  /** 0: `width` and `height` say it, of which 0 follows the other. */
  factor: number;
}

/** A half goes to the even neighbour, as in Python. */
const round = (value: number): number => {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
};

/** @param step  pixels of a cell, in which `from` and the result are counted; 1 for pictures @param least  pixels of a side */
export function scaledSize(from: Size, { width, height, factor }: Scaling, { step = 1, least = 1 } = {}): Size {
  if (factor > 0)
    return { width: Math.max(1, round(from.width * factor)), height: Math.max(1, round(from.height * factor)) };
  if (width === 0 && height === 0) return from;
  const said = (side: number): number => Math.max(least, side);
  const across = width === 0 ? said(round((from.width * said(height)) / from.height)) : said(width);
  const down = height === 0 ? said(round((from.height * said(width)) / from.width)) : said(height);
  return { width: Math.max(1, Math.floor(across / step)), height: Math.max(1, Math.floor(down / step)) };
}

/** What is left of a picture that is cut about its middle to the shape of another. */
export function centreBox({ width, height }: Size, to: Size): Box {
  const [old, wanted] = [width / height, to.width / to.height];
  const x = old > wanted ? round((width - width * (wanted / old)) / 2) : 0;
  const y = old < wanted ? round((height - height * (old / wanted)) / 2) : 0;
  return { left: x, top: y, right: width - x, bottom: height - y };
}

/**
 * As many pixels as `megapixels` says, of 1024 × 1024 each, or so many on the longest side; in steps.
 *
 * @see ComfyUI comfy_extras/nodes_post_processing.py ImageScaleToTotalPixels; nodes_images.py ImageScaleToMaxDimension
 */
export function totalSize(
  { width, height }: Size,
  { megapixels, most, step }: { megapixels: number; most: number; step: number },
): Size {
  if (most > 0)
    return width >= height
      ? { width: most, height: width === height ? most : Math.max(1, round((height / width) * most)) }
      : { width: Math.max(1, round((width / height) * most)), height: most };
  const factor = Math.sqrt((megapixels * 1024 * 1024) / (width * height));
  const [across, down] = [width, height].map((side) => Math.max(step, round((side * factor) / step) * step));
  return { width: across, height: down };
}
