/** By what a picture is enlarged, step by step, before it is made to fit: 2, 3 or 4 at a time. @see Coyote-A/ultimate-upscale-for-automatic1111 get_factors */
import type { Size } from '../image/raster';

const STEPS = [4, 3, 2];

/** Empty where the picture is not to become larger. Of 10, on which the script fails, it is 12 as of 11. */
export function upscaleFactors(from: Size, to: Size): number[] {
  const scale = Math.max(to.width, to.height) / Math.max(from.width, from.height);
  for (let whole = Math.ceil(scale); ; whole++) {
    const factors = factorsOf(whole);
    if (factors) return factors;
  }
}

/** Undefined where other primes are in it. */
function factorsOf(whole: number): number[] | undefined {
  const factors: number[] = [];
  for (let rest = whole; rest > 1;) {
    const factor = STEPS.find((step) => rest % step === 0);
    if (factor === undefined) return undefined;
    factors.push(factor);
    rest /= factor;
  }
  return factors;
}
