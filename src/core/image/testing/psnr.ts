/** How near two pictures are, in decibels of their 8-bit colours; alpha is left out. ∞ where they are the same. */
export function psnr(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new RangeError('the pictures are of different sizes');
  let sum = 0;
  for (let i = 0; i < expected.length; i++) if (i % 4 !== 3) sum += (actual[i] - expected[i]) ** 2;
  return sum === 0 ? Infinity : 10 * Math.log10(255 ** 2 / (sum / (expected.length * 0.75)));
}
