/**
 * Colours of what was painted moved to those of the picture, so that no edge of the mask shows.
 *
 * Mean and spread of L*, a* and b* are compared only where nothing was masked: there both should be alike.
 * @see Reinhard et al. 2001, Color Transfer between Images; krita-ai-diffusion and InvokeAI measure outside the mask as well
 */
import { assertSameSize, toRgb, type Mask, type Raster } from '../raster';
import { fromLab, toLab } from './lab';

export interface MatchOptions {
  painted: Raster<3 | 4>;
  /** What went in, of the same size. */
  reference: Raster<3 | 4>;
  /** What is half masked counts half; nothing is masked where none is given. */
  mask?: Mask;
  /** The spread is changed by no more than this factor, at least 1: where what is seen is nearly even, its spread says nothing of the rest. */
  mostSpread?: number;
}

/** Share of the picture below which there is too little to measure: colours are left as they are. */
const LEAST_SHARE = 1 / 64;
/** In units of L*: an area as even as this has no spread to speak of. */
const EVEN = 0.01;

/** @throws RangeError where sizes differ */
export function matchColours({ painted, reference, mask, mostSpread = Infinity }: MatchOptions): Raster<3> {
  assertSameSize(painted, reference);
  if (mask) assertSameSize(painted, mask);
  const pixels = painted.width * painted.height;
  const weights = Float64Array.from({ length: pixels }, (_, i) => (mask ? 1 - mask.data[i] / 255 : 1));
  if (weights.reduce((a, b) => a + b, 0) < LEAST_SHARE * pixels) return toRgb(painted);
  const [lab, wanted] = [toLab(painted), toLab(reference)];
  for (let c = 0; c < 3; c++) {
    const [from, to] = [spread(lab, c, weights), spread(wanted, c, weights)];
    const wished = from.deviation < EVEN ? 1 : to.deviation / from.deviation;
    const scale = Math.min(mostSpread, Math.max(1 / mostSpread, wished));
    for (let i = c; i < lab.length; i += 3) lab[i] = (lab[i] - from.mean) * scale + to.mean;
  }
  return fromLab(lab, painted);
}

function spread(lab: Float32Array, channel: number, weights: Float64Array): { mean: number; deviation: number } {
  let [total, sum, squares] = [0, 0, 0];
  for (let i = 0; i < weights.length; i++) {
    total += weights[i];
    sum += weights[i] * lab[3 * i + channel];
  }
  const mean = sum / total;
  for (let i = 0; i < weights.length; i++) squares += weights[i] * (lab[3 * i + channel] - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / total) };
}
