/** Cells of a sheet are as large as the pictures that were made. */
import { describe, expect, it } from 'vitest';
import type { Axis, Cell } from '../../../core/recipe/grids';
import { layOut } from './draw-sheet';

const axes = [{ values: ['a', 'b'] }, { values: ['c'] }] as unknown as Axis[];
const cell = (at: number[], width: number, height: number) => ({ at, request: { width, height } }) as unknown as Cell;

describe('layOut', () => {
  it('gives cells the largest picture’s size, else the request’s', () => {
    const file = undefined;
    const [one, two] = [cell([0, 0], 512, 512), cell([1, 0], 512, 640)];
    const { columns, rows, width, height } = layOut(axes, [
      { cell: one, file, size: { width: 1024, height: 768 } },
      { cell: two, file },
    ]);
    expect([columns, rows, width, height]).toEqual([2, 1, 1024, 768]);
    expect(layOut(axes, [{ cell: one, file }])).toMatchObject({ width: 512, height: 512 });
    expect(layOut(axes, [{ cell: cell([0, 0], 64, 64), file }])).toMatchObject({ width: 128, height: 128 });
  });
});
