import { describe, expect, it } from 'vitest';
import { nextCell, visibleRows } from './visible-rows';

const look = { count: 5000, width: 1000, height: 800, scrollTop: 0, minCell: 160, gap: 12 };

describe('visibleRows', () => {
  it('renders a few screens of thousands, wherever one has scrolled to', () => {
    for (const scrollTop of [0, 1, 12_345, 1e6, -50]) {
      const rows = visibleRows({ ...look, scrollTop });
      expect(rows.to - rows.from).toBeLessThan(80);
      expect(rows.to).toBeGreaterThan(rows.from);
      expect(rows.from % rows.columns).toBe(0);
    }
  });

  it('covers what is seen, without a hole', () => {
    const { cell, columns, totalHeight } = visibleRows(look);
    for (let scrollTop = 0; scrollTop < totalHeight - 800; scrollTop += 777) {
      const rows = visibleRows({ ...look, scrollTop });
      expect(rows.top).toBeLessThanOrEqual(scrollTop);
      const bottom = rows.top + Math.ceil((rows.to - rows.from) / columns) * (cell + 12);
      expect(bottom).toBeGreaterThanOrEqual(Math.min(scrollTop + 800, totalHeight));
    }
  });

  it('fills the width with whole columns, at least one', () => {
    const { columns, cell } = visibleRows(look);
    expect(columns * cell + (columns - 1) * 12).toBeCloseTo(1000);
    expect(visibleRows({ ...look, width: 50 }).columns).toBe(1);
    expect(visibleRows({ ...look, width: 0 })).toMatchObject({ columns: 1, cell: 1 });
  });

  it('is empty without pictures', () => {
    expect(visibleRows({ ...look, count: 0 })).toMatchObject({ totalHeight: 0, from: 0, to: 0 });
  });
});

describe('nextCell', () => {
  const grid = { count: 10, columns: 4, page: 2 };
  it.each([
    ['ArrowRight', 3, 4],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 1, 5],
    ['ArrowDown', 7, 7],
    ['ArrowUp', 2, 2],
    ['PageDown', 0, 8],
    ['PageUp', 9, 1],
    ['Home', 7, 0],
    ['End', 0, 9],
    ['x', 3, undefined],
  ])('%s from %i leads to %s', (key, at, next) => expect(nextCell(key, at, grid)).toBe(next));
});
