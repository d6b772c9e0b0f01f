/**
 * The picture itself for networks that put detail into it: smaller, or as it is.
 *
 * @see sd-webui-controlnet scripts/preprocessor/legacy/processor.py (tile_resample), scripts/hook.py (colorfix)
 */
import { opencvResize } from '../image/resample/opencv-resize';
import type { Raster } from '../image/raster';
import { OWN_ARITHMETIC, type ComputedPreprocessor } from './preprocessor';

/** Below it nothing is resampled. */
const LEAST_RATE = 1.1;
const VARIATION = { label: 'Variation', min: 3, max: 32, step: 1, value: 8 };

export const TILE_RESAMPLE: ComputedPreprocessor = {
  label: 'tile_resample',
  aliases: ['TilePreprocessor'],
  types: ['tile', 'blur'],
  settings: { thresholdA: { label: 'Down Sampling Rate', min: 1, max: 8, step: 0.01, value: 1 } },
  licence: OWN_ARITHMETIC,
  make: ({ picture }, { thresholdA }) => (thresholdA < LEAST_RATE ? picture : smaller(picture, thresholdA)),
};

function smaller(picture: Raster<3>, rate: number): Raster<3> {
  const side = (px: number) => Math.max(1, Math.trunc(px / rate));
  return opencvResize(picture, { width: side(picture.width), height: side(picture.height) }, 'area');
}

export const TILE_COLORFIX: ComputedPreprocessor = {
  label: 'tile_colorfix',
  aliases: [],
  types: ['tile', 'blur'],
  settings: { thresholdA: VARIATION },
  keepsColours: true,
  alsoDoes: 'gives what is painted the broad colours of this picture',
  licence: OWN_ARITHMETIC,
  make: ({ picture }) => picture,
};

export const TILE_COLORFIX_SHARP: ComputedPreprocessor = {
  label: 'tile_colorfix+sharp',
  aliases: [],
  types: ['tile', 'blur'],
  settings: { thresholdA: VARIATION, thresholdB: { label: 'Sharpness', min: 0, max: 2, step: 0.01, value: 1 } },
  keepsColours: true,
  alsoDoes: 'gives what is painted the broad colours of this picture, and sharpens it',
  licence: OWN_ARITHMETIC,
  make: ({ picture }) => picture,
};
