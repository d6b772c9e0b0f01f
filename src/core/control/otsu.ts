/** The level that parts dark from light best: where the variance between the two is largest. @see OpenCV imgproc thresh.cpp, getThreshVal_Otsu_8u */

const LEVELS = 256;
/** What OpenCV leaves out: shares smaller than float32's step. */
const LEAST_SHARE = 2 ** -23;

/** @param histogram  how many of each of 256 levels @returns 0…255: what is above is light */
export function otsuLevel(histogram: ArrayLike<number>): number {
  const counts = Array.from({ length: LEVELS }, (_, level) => histogram[level]);
  const all = counts.reduce((sum, n) => sum + n, 0);
  const mean = counts.reduce((sum, n, level) => sum + level * n, 0) / all;
  let [best, most, share, dark] = [0, 0, 0, 0];
  for (const [level, n] of counts.entries()) {
    const part = n / all;
    dark *= share;
    share += part;
    if (Math.min(share, 1 - share) < LEAST_SHARE || Math.max(share, 1 - share) > 1 - LEAST_SHARE) continue;
    dark = (dark + level * part) / share;
    const light = (mean - share * dark) / (1 - share);
    const variance = share * (1 - share) * (dark - light) ** 2;
    if (variance > most) [most, best] = [variance, level];
  }
  return best;
}
