/** What weights do to encoded text. Each rule reads [positions, width] vectors and returns new ones. */
import type { EmphasisMode } from './dialect';

/** One row through the text encoder, with the weight of each position. */
export interface EncodedRow {
  /** [positions, width] */
  hidden: Float32Array;
  /** [positions] */
  weights: readonly number[];
  /** How many of the texts that are encoded together have this very row; 1 where it is not said. */
  times?: number;
}

/**
 * A1111's rule. `rows` are the rows of one chunk index of all texts that are encoded together (every text of a prompt's
 * schedule): 'original' restores the mean over all of them at once.
 *
 * @see A1111 modules/sd_emphasis.py
 */
export function weighA1111(rows: readonly EncodedRow[], mode: EmphasisMode): Float32Array[] {
  const isWeighed = mode === 'original' || mode === 'no_norm';
  if (!isWeighed || rows.every(hasNoWeights)) return rows.map(({ hidden }) => hidden);
  const weighed = rows.map(({ hidden, weights }) => {
    const width = hidden.length / weights.length;
    return hidden.map((value, i) => value * weights[Math.floor(i / width)]);
  });
  if (mode === 'no_norm') return weighed;
  const times = rows.map((row) => row.times ?? 1);
  const hidden = rows.map((row) => row.hidden);
  const ratio = mean(hidden, times) / mean(weighed, times);
  return weighed.map((values) => values.map((value) => value * ratio));
}

/** ComfyUI's rule: away from, or towards, what the empty prompt gives at the same position. @param empty [positions, width] */
export function weighComfy(row: EncodedRow, empty: Float32Array): Float32Array {
  const { hidden, weights } = row;
  const width = hidden.length / weights.length;
  return hidden.map((value, i) => {
    const weight = weights[Math.floor(i / width)];
    return weight === 1 ? value : (value - empty[i]) * weight + empty[i];
  });
}

export function hasNoWeights({ weights }: Pick<EncodedRow, 'weights'>): boolean {
  return weights.every((weight) => weight === 1);
}

function mean(arrays: readonly Float32Array[], times: readonly number[]): number {
  let sum = 0;
  let count = 0;
  arrays.forEach((values, i) => {
    sum += times[i] * values.reduce((total, value) => total + value, 0);
    count += times[i] * values.length;
  });
  return sum / count;
}
