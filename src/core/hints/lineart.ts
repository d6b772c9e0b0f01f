/** White lines on black by the generator of "informative drawings". @see sd-webui-controlnet annotator/lineart */
import { raster, type Size } from '../image/raster';
import { FIXED_RESOLUTION, type DrawnMap, type NetworkPreprocessor } from './preprocessor';

const BY_LINES = {
  network: 'line_drawing',
  types: ['lineart'],
  settings: { resolution: FIXED_RESOLUTION },
  licence: 'Informative drawings by Caroline Chan, MIT',
  finish: ([lines]: readonly DrawnMap[], size: Size) => raster(size, 1, Uint8ClampedArray.from(lines.values, toWhite)),
} as const;

/** The network draws black on white, in 0…1. */
function toWhite(value: number): number {
  return 255 - Math.trunc(Math.min(255, Math.max(0, Math.fround(value * 255))));
}

export const LINEART_REALISTIC: NetworkPreprocessor = {
  ...BY_LINES,
  file: 'sk_model.pth',
  label: 'lineart_realistic',
  aliases: ['lineart', 'LineArtPreprocessor'],
};

export const LINEART_COARSE: NetworkPreprocessor = {
  ...BY_LINES,
  file: 'sk_model2.pth',
  label: 'lineart_coarse',
  aliases: [],
};
