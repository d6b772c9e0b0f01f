/** White where every channel is above a level. @see sd-webui-controlnet scripts/preprocessor/legacy/processor.py, threshold */
import { raster } from '../image/raster';
import { lookAt } from './annotator-size';
import { perPixel } from './per-pixel';
import { OWN_ARITHMETIC, RESOLUTION, type ComputedPreprocessor } from './preprocessor';

export const THRESHOLD: ComputedPreprocessor = {
  label: 'threshold',
  aliases: ['binary', 'BinaryPreprocessor'],
  types: ['scribble'],
  settings: {
    resolution: RESOLUTION,
    thresholdA: { label: 'Binarization Threshold', min: 0, max: 255, step: 1, value: 127 },
  },
  licence: OWN_ARITHMETIC,
  make: ({ picture }, { resolution, thresholdA }) =>
    lookAt(picture, resolution, (looked) => {
      const { data } = looked;
      return raster(
        looked,
        1,
        perPixel(looked, (i) => (Math.min(data[i], data[i + 1], data[i + 2]) > thresholdA ? 255 : 0)),
      );
    }),
};
