/** Guidance that is no longer than the positive answer: cell by cell (CFGNorm), or the whole of it (RenormCFG). */
import { product, type Answers } from './answers';
import { cfg } from './cfg';

const GUARD = 1e-8;

/**
 * Over the channels of each cell; never longer than it was before `strength`.
 *
 * @param guided  after guidance, [channels, cells]
 * @see ComfyUI comfy_extras/nodes_cfg.py CFGNorm
 */
export function normedByCell(
  guided: Float32Array,
  positive: Float32Array,
  { cells, strength }: { cells: number; strength: number },
): Float32Array {
  const lengthAt = (values: Float32Array, cell: number): number => {
    let sum = 0;
    for (let i = cell; i < values.length; i += cells) sum += values[i] * values[i];
    return Math.sqrt(sum);
  };
  const factors = Float64Array.from({ length: cells }, (_, cell) =>
    Math.min(1, lengthAt(positive, cell) / (lengthAt(guided, cell) + GUARD)),
  );
  return guided.map((value, i) => value * factors[i % cells] * strength);
}

/**
 * In place of plain guidance: from the sigma `until` on there is none; below it, its length is `most` times that of the positive
 * answer, or less. 0: as long as it likes.
 *
 * @see ComfyUI comfy_extras/nodes_lumina2.py RenormCFG
 */
export function renormed(
  { positive, negative }: Answers,
  { sigma, scale }: { sigma: number; scale: number },
  { until, most }: { until: number; most: number },
): Float32Array {
  if (sigma >= until) return positive.slice();
  const guided = cfg({ uncond: negative, conds: [{ output: positive, weight: 1 }], scale });
  const [length, longest] = [guided, positive].map((values) => Math.sqrt(product(values, values)));
  if (most <= 0 || length < longest * most || length === 0) return guided;
  return guided.map((value) => (value * longest * most) / length);
}
