/** Random weights that keep activations finite. */

/**
 * Gains of norms around 1, biases around 0; matrices and kernels so that a layer neither grows nor shrinks what it gets.
 *
 * @param name in a checkpoint's or in diffusers' words
 */
export function distribution(name: string, shape: readonly number[]): { mean: number; deviation: number } {
  if (/embedding/.test(name) && !/(emb|embedding)s?\.(0|2|linear_\d)/.test(name)) return { mean: 0, deviation: 0.02 };
  if (shape.length < 2) return name.endsWith('weight') ? { mean: 1, deviation: 0.05 } : { mean: 0, deviation: 0.02 };
  const inputs = shape.slice(1).reduce((product, n) => product * n, 1);
  return { mean: 0, deviation: 0.7 / Math.sqrt(inputs) };
}
