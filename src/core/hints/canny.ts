/** Canny's edges of a picture in colour, not of its grey. @see sd-webui-controlnet scripts/preprocessor/model_free_preprocessors.py */
import { lookAt } from './annotator-size';
import { findEdges } from './find-edges';
import { OWN_ARITHMETIC, RESOLUTION, type ComputedPreprocessor } from './preprocessor';

const LEVELS = { min: 1, max: 255, step: 1 };

export const CANNY: ComputedPreprocessor = {
  label: 'canny',
  aliases: ['CannyEdgePreprocessor'],
  types: ['canny'],
  settings: {
    resolution: RESOLUTION,
    thresholdA: { ...LEVELS, label: 'Low Threshold', value: 100 },
    thresholdB: { ...LEVELS, label: 'High Threshold', value: 200 },
  },
  licence: OWN_ARITHMETIC,
  make: ({ picture }, { resolution, thresholdA, thresholdB }) =>
    lookAt(picture, resolution, (looked) => findEdges(looked, { low: thresholdA, high: thresholdB })),
};
