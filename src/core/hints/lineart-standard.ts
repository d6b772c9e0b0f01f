/**
 * White lines where the picture is darker than its surroundings, made as bright as the middle one of them allows.
 *
 * @see sd-webui-controlnet scripts/preprocessor/legacy/processor.py, lineart_standard
 */
import { opencvFloatBlur } from '../image/blur/opencv-float-blur';
import { raster, type Raster } from '../image/raster';
import { lookAt } from './annotator-size';
import { FIXED_RESOLUTION, OWN_ARITHMETIC, type ComputedPreprocessor } from './preprocessor';

const SIGMA = 6;
/** Weaker ones are no lines, and the strength that becomes half-bright is at least LEAST_SCALE. */
const [NOISE, LEAST_SCALE] = [8, 16];
const f = Math.fround;

export const LINEART_STANDARD: ComputedPreprocessor = {
  label: 'lineart_standard (from white bg & black line)',
  aliases: ['lineart_standard', 'standard_lineart', 'LineartStandardPreprocessor'],
  types: ['lineart'],
  settings: { resolution: FIXED_RESOLUTION },
  licence: OWN_ARITHMETIC,
  make: ({ picture }, { resolution }) => lookAt(picture, resolution, lines),
};

function lines(picture: Raster<3>): Raster<1> {
  const { data } = picture;
  const around = opencvFloatBlur(picture, SIGMA);
  const darker = (i: number) => f(around[i] - data[i]);
  const strength = Float32Array.from({ length: data.length / 3 }, (_, i) =>
    Math.max(0, Math.min(darker(3 * i), darker(3 * i + 1), darker(3 * i + 2))),
  );
  const scale = Math.max(LEAST_SCALE, medianAbove(strength, NOISE));
  const bright = (value: number) => Math.trunc(Math.min(255, f(f(value / scale) * 127)));
  return raster(picture, 1, Uint8ClampedArray.from(strength, bright));
}

/** 0 where there is none. */
function medianAbove(values: Float32Array, least: number): number {
  const sorted = values.filter((value) => value > least).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle] : f(f(sorted[middle - 1] + sorted[middle]) / 2);
}
