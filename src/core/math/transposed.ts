/** A matrix with rows and columns exchanged. */

/** Side of the square tiles that keep both reads and writes in the cache. */
const TILE = 32;

export function transposed(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  for (let rowTile = 0; rowTile < rows; rowTile += TILE)
    for (let columnTile = 0; columnTile < columns; columnTile += TILE)
      for (let row = rowTile; row < Math.min(rows, rowTile + TILE); row++)
        for (let column = columnTile; column < Math.min(columns, columnTile + TILE); column++)
          out[column * rows + row] = values[row * columns + column];
  return out;
}
