/**
 * The picture in grey, for networks that colour it: by its lightness or by its brightest channel.
 *
 * @see sd-webui-controlnet scripts/preprocessor/legacy/processor.py: it takes red for blue, and so weighs lightness wrongly; the
 * networks' users have such hints, so it stays
 */
import { toLabLevels } from '../image/colour/opencv-lab';
import { raster, type Raster } from '../image/raster';
import { perPixel } from './per-pixel';
import { OWN_ARITHMETIC, type ComputedPreprocessor } from './preprocessor';

const GAMMA = { label: 'Gamma Correction', min: 0.1, max: 2, step: 0.001, value: 1 };
const f = Math.fround;

export const RECOLOR_LUMINANCE: ComputedPreprocessor = {
  label: 'recolor_luminance',
  aliases: ['ImageLuminanceDetector'],
  types: ['recolor'],
  settings: { thresholdA: GAMMA },
  recolors: 'luminance',
  alsoDoes: 'gives the painted picture the lightness of the hint',
  licence: OWN_ARITHMETIC,
  make: ({ picture }, { thresholdA }) => {
    const lab = toLabLevels(raster(picture, 3, redForBlue(picture)));
    return raster(
      picture,
      1,
      perPixel(
        picture,
        byGamma(thresholdA, (i) => lab[i]),
      ),
    );
  },
};

export const RECOLOR_INTENSITY: ComputedPreprocessor = {
  label: 'recolor_intensity',
  aliases: ['ImageIntensityDetector'],
  types: ['recolor'],
  settings: { thresholdA: GAMMA },
  recolors: 'intensity',
  alsoDoes: 'gives the painted picture the brightness of the hint',
  licence: OWN_ARITHMETIC,
  make: ({ picture }, { thresholdA }) => {
    const { data } = picture;
    const brightest = (i: number) => Math.max(data[i], data[i + 1], data[i + 2]);
    return raster(picture, 1, perPixel(picture, byGamma(thresholdA, brightest)));
  },
};

function redForBlue({ data }: Raster<3>): Uint8ClampedArray<ArrayBuffer> {
  const swapped = data.slice();
  for (let i = 0; i < data.length; i += 3) {
    swapped[i] = data[i + 2];
    swapped[i + 2] = data[i];
  }
  return swapped;
}

/** Levels through float32, cut off. */
function byGamma(gamma: number, levelAt: (at: number) => number): (at: number) => number {
  const levels = Uint8ClampedArray.from({ length: 256 }, (_, level) =>
    Math.trunc(f(f(Math.pow(f(level / 255), f(gamma))) * 255)),
  );
  return (at) => levels[levelAt(at)];
}
