/**
 * A part of a picture's colours is replaced by grey levels: its lightness (L*), or its brightest channel (V of HSV).
 *
 * @see sd-webui-controlnet scripts/controlnet.py, recolor_luminance_post_processing, recolor_intensity_post_processing
 */
import { assertSameSize, raster, type Raster } from '../raster';
import { fromHsvLevels, toHsvLevels } from './opencv-hsv';
import { fromLabLevels, toLabLevels } from './opencv-lab';

export const RECOLOR_PARTS = ['luminance', 'intensity'] as const;
export type RecolorPart = (typeof RECOLOR_PARTS)[number];

const WAYS = {
  luminance: { to: toLabLevels, from: fromLabLevels, channel: 0 },
  intensity: { to: toHsvLevels, from: fromHsvLevels, channel: 2 },
} as const satisfies Record<RecolorPart, object>;

/**
 * @param hint  of the picture's size; its first channel is taken
 * @returns RGBA, alpha as it was
 * @throws RangeError where the sizes differ
 */
export function recolor(picture: Raster<4>, hint: Raster, part: RecolorPart): Raster<4> {
  assertSameSize(picture, hint);
  const { to, from, channel } = WAYS[part];
  const levels = to(picture);
  for (let i = channel, j = 0; i < levels.length; i += 3, j += hint.channels) levels[i] = hint.data[j];
  const rgb = from(levels);
  const made = raster(picture, 4, picture.data.slice());
  for (let i = 0, j = 0; i < rgb.length; i += 3, j += 4) {
    made.data[j] = rgb[i];
    made.data[j + 1] = rgb[i + 1];
    made.data[j + 2] = rgb[i + 2];
  }
  return made;
}
