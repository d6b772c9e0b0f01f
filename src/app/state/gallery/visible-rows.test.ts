import { describe, expect, it } from 'vitest';
import type { Group } from './day-groups';
import { nextCell, planGrid, topOf, totalHeight, visibleGroups, type GridPlan } from './visible-rows';

const look = { width: 1000, minCell: 160, gap: 12, heading: 40 };

/** Groups one after another that hold these numbers of pictures. */
function groupsOf(...counts: number[]): Group[] {
  let from = 0;
  return counts.map((count, i) => ({ label: `day ${i}`, from, to: (from += count) }));
}
const one = (count: number): Group[] => [{ label: '', from: 0, to: count }];
const many = groupsOf(...Array.from({ length: 500 }, (_, i) => (i % 23) + 1));
const cellsOf = (plan: GridPlan, scrollTop: number): number =>
  visibleGroups(plan, scrollTop, 800).reduce((sum, { first, last }) => sum + last - first, 0);

describe.each([
  ['in one group', one(5000)],
  ['by day', many],
])('a grid of thousands %s', (_, groups) => {
  const plan = planGrid({ ...look, groups });

  it('has a few screens in the page, wherever one has scrolled to', () => {
    for (const scrollTop of [0, 1, 12_345, 1e6, -50]) {
      expect(cellsOf(plan, scrollTop)).toBeLessThan(90);
      expect(cellsOf(plan, scrollTop)).toBeGreaterThan(0);
    }
  });

  it('shows every cell that is seen, where topOf says', () => {
    for (let scrollTop = 0; scrollTop < totalHeight(plan) - 800; scrollTop += 777) {
      const shown = visibleGroups(plan, scrollTop, 800);
      const seen = new Set(
        shown.flatMap(({ first, last }) => Array.from({ length: last - first }, (_, i) => first + i)),
      );
      const last = groups.at(-1)?.to ?? 0;
      for (let at = 0; at < last; at += 1) {
        const top = topOf(plan, at);
        if (top + plan.cell > scrollTop && top < scrollTop + 800) expect(seen.has(at), `cell ${at}`).toBe(true);
      }
      for (const { first, last: behind, cellsTop } of shown)
        if (behind > first) expect(topOf(plan, first)).toBeCloseTo(cellsTop, 6);
    }
  });
});

describe('planGrid', () => {
  it('fills the width with whole columns, at least one', () => {
    const { columns, cell } = planGrid({ ...look, groups: one(9) });
    expect(columns * cell + (columns - 1) * 12).toBeCloseTo(1000);
    expect(planGrid({ ...look, groups: one(9), width: 50 }).columns).toBe(1);
    expect(planGrid({ ...look, groups: one(9), width: 0 })).toMatchObject({ columns: 1, cell: 1 });
  });

  it('is empty without pictures', () => {
    const plan = planGrid({ ...look, groups: [] });
    expect(totalHeight(plan)).toBe(0);
    expect(visibleGroups(plan, 0, 800)).toEqual([]);
  });

  it('has room for the heading of each day', () => {
    const [plain, byDay] = [planGrid({ ...look, groups: one(4) }), planGrid({ ...look, groups: groupsOf(4) })];
    expect(totalHeight(byDay) - totalHeight(plain)).toBe(40);
    expect(topOf(byDay, 0)).toBe(40);
  });
});

describe('nextCell', () => {
  const grid = { groups: one(10), columns: 4, page: 2 };
  it.each([
    ['ArrowRight', 3, 4],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 1, 5],
    ['ArrowDown', 7, 9],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 2, 2],
    ['PageDown', 0, 8],
    ['PageUp', 9, 1],
    ['Home', 7, 0],
    ['End', 0, 9],
    ['x', 3, undefined],
  ])('%s from %i leads to %s', (key, at, next) => expect(nextCell(key, at, grid)).toBe(next));

  const days = { groups: groupsOf(6, 2, 5), columns: 4, page: 2 };
  it.each([
    ['ArrowDown', 5, 7],
    ['ArrowDown', 4, 6],
    ['ArrowDown', 6, 8],
    ['ArrowDown', 7, 9],
    ['ArrowUp', 8, 6],
    ['ArrowUp', 11, 7],
    ['ArrowUp', 7, 5],
    ['PageDown', 0, 6],
    ['ArrowRight', 5, 6],
  ])('%s from %i leads over the days to %i', (key, at, next) => expect(nextCell(key, at, days)).toBe(next));
});
