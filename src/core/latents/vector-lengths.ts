/** @param planes  [channels, cells] @returns how long each cell's vector is */
export function vectorLengths(planes: Float32Array, cells: number): Float64Array {
  const sums = new Float64Array(cells);
  planes.forEach((value, i) => (sums[i % cells] += value * value));
  return sums.map(Math.sqrt);
}
