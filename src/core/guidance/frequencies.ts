/** FreSca: the coarse and the fine parts of guidance are scaled each by itself. */
import type { Answers, GuidedAt } from './answers';

export interface FrequencyTerms {
  low: number;
  high: number;
  /** Frequencies below this, on each side of 0, are the coarse ones. */
  cutoff: number;
}

/**
 * The coarse part is what the frequencies −cutoff … cutoff − 1 of both directions make; its imaginary part, which there is for want of
 * +cutoff, is left out, as it is in the program.
 *
 * @returns the positive answer
 * @see Huang et al. 2025, arXiv:2504.02154; ComfyUI comfy_extras/nodes_fresca.py
 */
export function frequencyScaled(
  { positive, negative }: Answers,
  { width, height }: Pick<GuidedAt, 'width' | 'height'>,
  { low, high, cutoff }: FrequencyTerms,
): Float32Array {
  const guidance = Float64Array.from(positive, (value, i) => value - negative[i]);
  const [across, down] = [lowPass(width, cutoff), lowPass(height, cutoff)];
  const plane = width * height;
  const along = (values: Float64Array, kernel: Float64Array, step: number): Float64Array =>
    values.map((_, i) => {
      const count = kernel.length;
      const at = Math.floor(i / step) % count;
      let sum = 0;
      for (let k = 0; k < count; k++) sum += kernel[(at - k + count) % count] * values[i + (k - at) * step];
      return sum;
    });
  const coarse = new Float64Array(guidance.length);
  for (let from = 0; from < guidance.length; from += plane) {
    const part = guidance.subarray(from, from + plane);
    const real = along(along(part, across.real, 1), down.real, width);
    const turned = along(along(part, across.imaginary, 1), down.imaginary, width);
    coarse.set(
      real.map((value, i) => value - turned[i]),
      from,
    );
  }
  return negative.map((value, i) => value + high * guidance[i] + (low - high) * coarse[i]);
}

/** What a value becomes that is 1 at 0, of the low frequencies alone. */
function lowPass(count: number, cutoff: number): { real: Float64Array; imaginary: Float64Array } {
  const reach = Math.min(cutoff, Math.floor(count / 2));
  const sum = (part: (angle: number) => number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => {
      let total = 0;
      for (let k = -reach; k < reach; k++) total += part((2 * Math.PI * ((k * i) % count)) / count);
      return total / count;
    });
  return { real: sum(Math.cos), imaginary: sum(Math.sin) };
}
