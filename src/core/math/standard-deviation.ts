/** How far numbers spread. */

/** Unbiased (divided by count − 1), as torch.std; 0 for fewer than two values. Two passes in float64. */
export function standardDeviation(values: Float32Array): number {
  const count = values.length;
  if (count < 2) return 0;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / count;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (count - 1));
}
