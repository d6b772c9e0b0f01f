/** How many of the model calls are made: what stands beside Steps as "Speed". */

export interface SpeedEntry {
  label: string;
  /** The most of the steps whose calls are made, 0…1; 1: all of them, and nothing is forecast. */
  share: number;
  /** Steps at the end that are made one after another; the others are spread evenly. */
  last: number;
  /** How far a forecast follows the last change of x0: 0 repeats it, 1 is a straight line. */
  slope: number;
  /** Below SWINGS_BELOW steps forecasts follow x as past answers did (feedback.ts), and steps between two are rather made too early than too late. */
  givesWay?: boolean;
  /** What recipes have that were made before; it is not offered anew. */
  isEarlier?: boolean;
}

/** From so many steps on forecasts reach too short for x0 to swing: nothing was lost there, and what holds still is nearer to Exact. */
export const SWINGS_BELOW = 30;

/** Measured in docs/benchmarks.md. */
export const SPEEDS = {
  exact: { label: 'Exact', share: 1, last: 1, slope: 0 },
  fast: { label: 'Fast', share: 0.55, last: 2, slope: 0.5 },
  faster: { label: 'Faster, first version', share: 0.34, last: 1, slope: 0, isEarlier: true },
  faster2: { label: 'Faster', share: 0.34, last: 1, slope: 0, givesWay: true },
} as const satisfies Record<string, SpeedEntry>;

export type SpeedId = keyof typeof SPEEDS;
