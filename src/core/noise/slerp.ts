/** From one noise to another along the sphere, so that what lies between is as loud as noise. */

/** [channels, height, width] */
export type NoiseShape = readonly [number, number, number];

/** Nearly parallel noises are mixed linearly. */
const PARALLEL = 0.9995;

/**
 * A1111's mixture of noises, with its two oddities: the vectors that turn are the columns of the picture (one angle for each
 * channel and column), and the linear mixture of nearly parallel noises has its weights swapped.
 *
 * @param strength 0 is `low`, 1 is `high`
 * @see A1111 modules/rng.py slerp
 */
export function slerp(strength: number, low: Float32Array, high: Float32Array, shape: NoiseShape): Float32Array {
  const cosines = columnCosines(low, high, shape);
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
  if (mean > PARALLEL) return low.map((value, i) => value * strength + high[i] * (1 - strength));
  const weights = Array.from(cosines, (cosine) => arcWeights(strength, cosine));
  const [, height, width] = shape;
  return low.map((value, i) => {
    const channel = Math.floor(i / (height * width));
    const [ofLow, ofHigh] = weights[channel * width + (i % width)];
    return ofLow * value + ofHigh * high[i];
  });
}

/** [channels · width]: the cosine of the angle between each column of `low` and that of `high`. */
function columnCosines(low: Float32Array, high: Float32Array, [channels, height, width]: NoiseShape): Float64Array {
  return Float64Array.from({ length: channels * width }, (_, column) => {
    const first = Math.floor(column / width) * height * width + (column % width);
    let [dot, lowSquares, highSquares] = [0, 0, 0];
    for (let row = 0; row < height; row++) {
      const i = first + row * width;
      dot += low[i] * high[i];
      lowSquares += low[i] ** 2;
      highSquares += high[i] ** 2;
    }
    return dot / Math.sqrt(lowSquares * highSquares);
  });
}

/** Columns of one element, or equal ones, lie on one line: no arc leads along it, so they are mixed linearly. */
function arcWeights(strength: number, cosine: number): [number, number] {
  const angle = Math.acos(Math.min(Math.max(cosine, -1), 1));
  const sine = Math.sin(angle);
  if (sine < 1e-7) return [1 - strength, strength];
  return [Math.sin((1 - strength) * angle) / sine, Math.sin(strength * angle) / sine];
}
