/** A blurred picture, for networks that sharpen. */
import { opencvBlur } from '../image/blur/opencv-blur';
import { resizeShorter } from './annotator-size';
import { OWN_ARITHMETIC, RESOLUTION, type ComputedPreprocessor } from './preprocessor';

export const BLUR_GAUSSIAN: ComputedPreprocessor = {
  label: 'blur_gaussian',
  aliases: ['blur'],
  types: ['tile', 'blur'],
  settings: {
    resolution: RESOLUTION,
    thresholdA: { label: 'Sigma', min: 0.01, max: 64, step: 0.01, value: 9 },
  },
  licence: OWN_ARITHMETIC,
  make: ({ picture }, { resolution, thresholdA }) => opencvBlur(resizeShorter(picture, resolution), thresholdA),
};
