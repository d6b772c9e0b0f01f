/** Pillow's filters: how much a pixel counts at a distance, in pixels of the smaller picture. @see Pillow 10.4, Resample.c */

interface Filter {
  /** Beyond this distance nothing counts. */
  support: number;
  weight(distance: number): number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Keys' cubic. @param a its slope at 1: −0.5 in Pillow, −0.75 in torch and OpenCV */
export function cubic(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

export const triangle = (distance: number): number => Math.max(0, 1 - Math.abs(distance));

/** Pillow has these two in float32. */
const [LEVEL, SWING] = [Math.fround(0.54), Math.fround(0.46)];

function hamming(distance: number): number {
  const x = Math.abs(distance);
  return x >= 1 ? 0 : sinc(x) * (LEVEL + SWING * Math.cos(Math.PI * x));
}

export const FILTERS = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: triangle },
  hamming: { support: 1, weight: hamming },
  bicubic: { support: 2, weight: (x) => cubic(x, -0.5) },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
} as const satisfies Record<string, Filter>;

export type WindowFilter = keyof typeof FILTERS;
export type FilterId = WindowFilter | 'nearest';
export const FILTER_IDS: readonly FilterId[] = ['nearest', ...(Object.keys(FILTERS) as WindowFilter[])];
