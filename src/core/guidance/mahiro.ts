/** MaHiRo: guidance that follows the positive answer itself, the more so the less it is like the negative one. */
import type { Answers } from './answers';

/** As torch.nn.functional.cosine_similarity. */
const SMALLEST = 1e-8;

/**
 * @param guided  after guidance, x0, [channels, cells]
 * @see ComfyUI comfy_extras/nodes_mahiro.py, whose text this is of: there is no paper
 */
export function mahiro(
  guided: Float32Array,
  { positive, negative }: Answers,
  { cells, scale }: { cells: number; scale: number },
): Float32Array {
  const leap = positive.map((value) => value * scale);
  const root = (value: number): number => Math.sign(value) * Math.sqrt(Math.abs(value));
  let likeness = 0;
  for (let cell = 0; cell < cells; cell++) {
    let [dot, a, b] = [0, 0, 0];
    for (let i = cell; i < guided.length; i += cells) {
      const [from, to] = [root(negative[i] * scale), root((leap[i] + guided[i]) / 2)];
      dot += from * to;
      a += from * from;
      b += to * to;
    }
    likeness += dot / (Math.max(Math.sqrt(a), SMALLEST) * Math.max(Math.sqrt(b), SMALLEST)) / cells;
  }
  const kept = (likeness + 1) / 2;
  return guided.map((value, i) => kept * value + (1 - kept) * leap[i]);
}
