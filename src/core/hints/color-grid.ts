/** Squares of colour, of a square picture. @see sd-webui-controlnet annotator/color/__init__.py */
import { opencvResize } from '../image/resample/opencv-resize';
import { OWN_ARITHMETIC, RESOLUTION, type ComputedPreprocessor } from './preprocessor';

/** Pixels of a square's side. */
const SQUARE = 64;

export const COLOR_GRID: ComputedPreprocessor = {
  label: 't2ia_color_grid',
  aliases: ['color', 'ColorPreprocessor'],
  types: ['color'],
  settings: { resolution: RESOLUTION },
  licence: OWN_ARITHMETIC,
  make: ({ picture }, { resolution }) => {
    const squares = Math.max(1, Math.floor(resolution / SQUARE));
    const small = opencvResize(picture, { width: squares, height: squares }, 'cubic');
    return opencvResize(small, { width: resolution, height: resolution }, 'nearest');
  },
};
