/** Figures of measurements: the middle of some numbers, and how near two pictures are. */
import { PNG } from 'pngjs';

/** The middle one; of an even count the mean of both in the middle. @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Peak signal-to-noise ratio of two PNG files in dB, over red, green and blue; 99 where they are the same. @param {Buffer} a @param {Buffer} b */
export function psnr(a, b) {
  const [one, other] = [PNG.sync.read(a).data, PNG.sync.read(b).data];
  let error = 0;
  for (let i = 0; i < one.length; i++) error += (one[i] - other[i]) ** 2;
  return error === 0 ? 99 : 10 * Math.log10((255 ** 2 * one.length * 0.75) / error);
}
