/**
 * A scribble out of the difference of two blurs: white where the picture is darker than what surrounds it.
 *
 * @see sd-webui-controlnet scripts/preprocessor/model_free_preprocessors.py, PreprocessorScribbleXdog
 */
import { opencvFloatBlur } from '../image/blur/opencv-float-blur';
import { raster, type Raster } from '../image/raster';
import { lookAt } from './annotator-size';
import { perPixel } from './per-pixel';
import { OWN_ARITHMETIC, RESOLUTION, type ComputedPreprocessor } from './preprocessor';

const [FINE, COARSE] = [0.5, 5];
const f = Math.fround;

export const SCRIBBLE_XDOG: ComputedPreprocessor = {
  label: 'scribble_xdog',
  aliases: ['Scribble_XDoG_Preprocessor'],
  types: ['scribble'],
  settings: {
    resolution: RESOLUTION,
    thresholdA: { label: 'XDoG Threshold', min: 1, max: 64, step: 0.01, value: 32 },
  },
  licence: OWN_ARITHMETIC,
  make: ({ picture }, { resolution, thresholdA }) =>
    lookAt(picture, resolution, (looked) => scribble(looked, thresholdA)),
};

/** Twice the difference is counted in 8 bits there, so what is darker by 128 and more is not drawn: kept as it is. */
function scribble(picture: Raster<3>, threshold: number): Raster<1> {
  const [fine, coarse] = [opencvFloatBlur(picture, FINE), opencvFloatBlur(picture, COARSE)];
  const apart = (i: number) => f(coarse[i] - fine[i]);
  const isLine = (i: number) => {
    const least = Math.min(apart(i), apart(i + 1), apart(i + 2));
    const kept = Math.trunc(Math.min(255, Math.max(0, f(255 - least))));
    return ((2 * (255 - kept)) & 255) > threshold;
  };
  return raster(
    picture,
    1,
    perPixel(picture, (i) => (isLine(i) ? 255 : 0)),
  );
}
