/**
 * The picture with the mask as its alpha: where to repaint the network sees −1, which no level is. See to-hint-planes.ts.
 *
 * @see sd-webui-controlnet scripts/preprocessor/inpaint.py
 */
import { assertSameSize, toRgba } from '../image/raster';
import { OWN_ARITHMETIC, type HintSource, type ComputedPreprocessor } from './preprocessor';

function withMask({ picture, mask }: HintSource) {
  if (!mask) throw new RangeError('There is no mask.');
  assertSameSize(picture, mask);
  const to = toRgba(picture);
  mask.data.forEach((level, i) => (to.data[4 * i + 3] = level));
  return to;
}

export const INPAINT_ONLY: ComputedPreprocessor = {
  label: 'inpaint_only',
  // to a Union what is masked is black, which is all that one does
  aliases: ['inpaint_promax'],
  types: ['inpaint'],
  settings: {},
  needsMask: true,
  alsoDoes: 'leaves what is not masked as it was',
  licence: OWN_ARITHMETIC,
  make: withMask,
};

export const INPAINT_GLOBAL_HARMONIOUS: ComputedPreprocessor = {
  label: 'inpaint_global_harmonious',
  aliases: ['inpaint'],
  types: ['inpaint'],
  settings: {},
  needsMask: true,
  alsoDoes: 'lets the rest of the picture change with what is repainted',
  licence: OWN_ARITHMETIC,
  make: withMask,
};
