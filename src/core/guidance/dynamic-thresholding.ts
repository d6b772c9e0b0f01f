/** Dynamic thresholding: a high CFG scale with no more spread than a lower one would have. */

export interface ThresholdTerms {
  /** x0 for the prompts, unguided, and for the negative one, [channels, cells]. */
  positive: Float32Array;
  negative: Float32Array;
  cells: number;
  /** The scale that guides, and the one whose spread the result has. */
  scale: number;
  mimic: number;
  /** Which of the values' distances from their mean counts as the farthest: 1 is the farthest itself. */
  percentile: number;
  /** Each channel by itself. */
  separate: boolean;
  /** Values are scaled about their channel's mean, or about 0. */
  start: 'mean' | 'zero';
  /** Spread is the farthest from the mean, or the standard deviation. */
  measure: 'ad' | 'std';
  /** 1 is the result, 0 plain guidance. */
  phi: number;
}

/**
 * Guidance by `scale`, with the spread that guidance by `mimic` has.
 *
 * @returns x0
 * @see mcmonkey's sd-dynamic-thresholding, DynThresh.dynthresh
 */
export function thresholded({ positive, negative, ...terms }: ThresholdTerms): Float32Array {
  const { cells, percentile, measure, phi } = terms;
  const guidedBy = (scale: number): Float64Array =>
    Float64Array.from(negative, (value, i) => value + (positive[i] - value) * scale);
  const guided = guidedBy(terms.scale);
  const means = meansOf(guided, cells);
  const own = centred(guided, means, cells);
  const mimicked = guidedBy(terms.mimic);
  const wanted = centred(mimicked, meansOf(mimicked, cells), cells);
  const part = terms.separate ? cells : guided.length;
  const result = new Float32Array(guided.length);
  for (let from = 0; from < guided.length; from += part) {
    const [a, b] = [wanted.subarray(from, from + part), own.subarray(from, from + part)];
    const spread =
      measure === 'std'
        ? { wanted: deviation(a), own: deviation(b) }
        : { wanted: farthest(a, 1), own: farthest(b, percentile) };
    for (let i = from; i < from + part; i++) {
      const mean = means[Math.floor(i / cells)];
      const value = terms.start === 'zero' ? scaled(guided[i], spread) : mean + fitted(own[i], spread, measure);
      result[i] = phi === 1 ? value : value * phi + guided[i] * (1 - phi);
    }
  }
  return result;
}

interface Spread {
  wanted: number;
  own: number;
}

const scaled = (value: number, { wanted, own }: Spread): number => (own === 0 ? value : (value * wanted) / own);

/** The farthest ones are cut off, where more than the farthest counts as such. */
function fitted(value: number, spread: Spread, measure: ThresholdTerms['measure']): number {
  if (measure === 'std') return scaled(value, spread);
  const most = Math.max(spread.wanted, spread.own);
  return scaled(Math.min(Math.max(value, -most), most), { wanted: spread.wanted, own: most });
}

function meansOf(values: Float64Array, cells: number): Float64Array {
  const means = new Float64Array(values.length / cells);
  for (let i = 0; i < values.length; i++) means[Math.floor(i / cells)] += values[i] / cells;
  return means;
}

const centred = (values: Float64Array, means: Float64Array, cells: number): Float64Array =>
  values.map((value, i) => value - means[Math.floor(i / cells)]);

/** As torch.std: its own mean is taken away, and it is divided by one less. */
function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
}

/** As torch.quantile of the distances from 0: linear between two of them. */
function farthest(values: Float64Array, share: number): number {
  if (share >= 1) return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const sorted = values.map(Math.abs).sort();
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}
