/** The beta distribution: its cumulative function (the regularised incomplete beta function) and the inverse of that. */

/** Enough terms for every shape the continued fraction is used with; 0.6 and 0.6 need about 20. */
const MAX_TERMS = 10_000;
const SMALLEST = 1e-300;

/** Coefficients of Lanczos' approximation with g = 607/128, n = 15 (Godfrey 2001), accurate to 1e-15. */
const LANCZOS_G = 607 / 128;
const LANCZOS = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
  3.399464998481189e-5, 4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125, -0.00021026444172410488,
  0.00021743961811521265, -0.0001643181065367639, 8.441822398385275e-5, -2.6190838401581408e-5, 3.6899182659531625e-6,
];

/**
 * I_x(a, b): the probability that a Beta(a, b) variable is below x.
 *
 * @param x 0 … 1
 * @param a shape, above 0
 * @param b shape, above 0
 * @see Abramowitz and Stegun 26.5.8 (continued fraction), evaluated by Lentz's method
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean; above it, the mirror image is used.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  return front * betaFraction(x, a, b);
}

/**
 * The x at which I_x(a, b) = p, to the last bits of a double; scipy.stats.beta.ppf(p, a, b).
 *
 * @param p 0 … 1
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  return p <= incompleteBeta(0.5, a, b) ? lowerQuantile(p, a, b) : 1 - lowerQuantile(1 - p, b, a);
}

/** The quantile where it is at most a half: Newton's method from the power law near 0, or halving where that leaves the bracket. */
function lowerQuantile(p: number, a: number, b: number): number {
  let low = 0;
  let high = 0.5;
  let x = Math.exp((Math.log(p * a) + logBeta(a, b)) / a);
  // Newton needs about 5 turns; halving alone reaches the smallest double in 1100.
  for (let i = 0; i < 1200; i++) {
    if (!(x > low && x < high)) x = (low + high) / 2;
    if (x === low || x === high) break;
    const excess = incompleteBeta(x, a, b) - p;
    if (excess < 0) low = x;
    else high = x;
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta(a, b));
    const next = x - excess / density;
    if (Math.abs(next - x) <= Number.EPSILON * x) break;
    x = next;
  }
  return x;
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = awayFromZero(1 - ((a + b) * x) / (a + 1));
  d = 1 / d;
  let result = d;
  for (let m = 1; m <= MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let factor = 1;
    for (const term of [even, odd]) {
      d = 1 / awayFromZero(1 + term * d);
      c = awayFromZero(1 + term / c);
      factor = c * d;
      result *= factor;
    }
    if (Math.abs(factor - 1) < Number.EPSILON) break;
  }
  return result;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < SMALLEST ? SMALLEST : value;
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** ln Γ(x) for x above 0. */
function logGamma(x: number): number {
  const [first, ...others] = LANCZOS;
  const sum = others.reduce((total, coefficient, i) => total + coefficient / (x + i + 1), first);
  const base = x + LANCZOS_G + 0.5;
  return (x + 0.5) * Math.log(base) - base + Math.log((Math.sqrt(2 * Math.PI) * sum) / x);
}
