/** Black lines on white become white on black, as the networks want them. */
import { raster } from '../image/raster';
import { OWN_ARITHMETIC, type ComputedPreprocessor } from './preprocessor';

export const INVERT: ComputedPreprocessor = {
  label: 'invert (from white bg & black line)',
  aliases: ['invert'],
  types: ['canny', 'lineart', 'scribble', 'mlsd'],
  settings: {},
  licence: OWN_ARITHMETIC,
  make: ({ picture }) =>
    raster(
      picture,
      3,
      picture.data.map((level) => 255 - level),
    ),
};
