/** Python's round(x, 6), which decides the times of a Brownian tree. */

/**
 * The nearest number of six decimals, by the exact value of `x`; of two equally near the one whose last digit is even.
 *
 * toFixed rounds exactly too, but ties upwards. A tie ends in ...5 at the seventh decimal and is an odd multiple of 1/128.
 *
 * @param x 0 … 10^15
 */
export function roundMicro(x: number): number {
  const isTie = Math.abs((x * 128) % 2) === 1;
  const cut = x.toFixed(7).slice(0, -1);
  return Number(isTie && Number(cut.at(-1)) % 2 === 0 ? cut : x.toFixed(6));
}
