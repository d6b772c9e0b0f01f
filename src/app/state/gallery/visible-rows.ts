/** Which part of a long grid, with a heading above each group, is on the screen: only that is in the page. */
import type { Group } from './day-groups';

export interface GridLook {
  groups: readonly Group[];
  /** CSS pixels inside the scroller. */
  width: number;
  /** Cells are at least this wide. */
  minCell: number;
  gap: number;
  /** Height of a group's heading. */
  heading: number;
}

/** Where all of it lies, whatever is scrolled. */
export interface GridPlan {
  columns: number;
  /** Side of one square cell, in CSS pixels. */
  cell: number;
  gap: number;
  heading: number;
  groups: readonly Group[];
  /** Where each group begins, its heading first; the last is the height of all. */
  tops: readonly number[];
}

export interface VisibleGroup extends Group {
  /** Where its heading begins. */
  top: number;
  /** Where its first rendered row begins. */
  cellsTop: number;
  /** First and behind the last of the rendered cells. */
  first: number;
  last: number;
}

/** Rendered above and below what is seen, so that scrolling never shows a hole. */
const ROWS_BEYOND = 2;

export function planGrid({ groups, width, minCell, gap, heading }: GridLook): GridPlan {
  const columns = Math.max(1, Math.floor((width + gap) / (minCell + gap)));
  const cell = Math.max(1, (width - gap * (columns - 1)) / columns);
  const tops = [0];
  for (const group of groups) {
    const rows = Math.ceil((group.to - group.from) / columns);
    tops.push((tops.at(-1) ?? 0) + headingOf(group, heading) + rows * (cell + gap));
  }
  return { columns, cell, gap, heading, groups, tops };
}

export function totalHeight({ tops, gap }: GridPlan): number {
  return Math.max(0, (tops.at(-1) ?? 0) - gap);
}

/** The groups on the screen, and of each the rows. */
export function visibleGroups(plan: GridPlan, scrollTop: number, height: number): VisibleGroup[] {
  const { groups, tops, columns, cell, gap } = plan;
  const pitch = cell + gap;
  const seen = Math.max(0, Math.min(scrollTop, totalHeight(plan) - height));
  const [above, below] = [seen - ROWS_BEYOND * pitch, seen + height + ROWS_BEYOND * pitch];
  const found: VisibleGroup[] = [];
  for (let g = groupAt(plan, above); g < groups.length; g += 1) {
    const [group, top] = [groups[g], tops[g] ?? 0];
    if (!group || top > below) break;
    const cells = top + headingOf(group, plan.heading);
    const row = Math.max(0, Math.floor((above - cells) / pitch));
    const behind = Math.max(0, Math.ceil((below - cells) / pitch));
    const first = Math.min(group.to, group.from + row * columns);
    const last = Math.min(group.to, group.from + behind * columns);
    found.push({ ...group, top, cellsTop: cells + row * pitch, first, last });
  }
  return found;
}

/** Where a cell begins. */
export function topOf(plan: GridPlan, at: number): number {
  const g = groupOf(plan, at);
  const group = plan.groups[g];
  if (!group) return 0;
  const row = Math.floor((at - group.from) / plan.columns);
  return (plan.tops[g] ?? 0) + headingOf(group, plan.heading) + row * (plan.cell + plan.gap);
}

function headingOf({ label }: Group, heading: number): number {
  return label === '' ? 0 : heading;
}

/** The last group that begins above. */
function groupAt({ tops, groups }: GridPlan, y: number): number {
  return Math.max(
    0,
    lastWhere(groups.length, (g) => (tops[g] ?? 0) <= y),
  );
}

function groupOf({ groups }: GridPlan, at: number): number {
  return Math.max(
    0,
    lastWhere(groups.length, (g) => (groups[g]?.from ?? 0) <= at),
  );
}

/** @param holds  for the first ones, and for none behind them */
function lastWhere(count: number, holds: (i: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

type CellGrid = Pick<GridPlan, 'columns' | 'groups'>;

/** Where the arrow keys lead from cell `at`; undefined for other keys. @param page  rows of a screen */
export function nextCell(key: string, at: number, grid: CellGrid & { page: number }): number | undefined {
  const count = grid.groups.at(-1)?.to ?? 0;
  if (count === 0) return undefined;
  const within = (cell: number): number => Math.min(count - 1, Math.max(0, cell));
  if (key === 'ArrowLeft') return within(at - 1);
  if (key === 'ArrowRight') return within(at + 1);
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const rows = { ArrowUp: -1, ArrowDown: 1, PageUp: -grid.page, PageDown: grid.page }[key];
  if (rows === undefined) return undefined;
  let cell = at;
  for (let i = 0; i < Math.abs(rows); i += 1) cell = nextRow(cell, rows > 0 ? 1 : -1, grid);
  return cell;
}

/** The cell above (−1) or below (+1): in its column, or the last of a shorter row; at the edge it stays. */
function nextRow(at: number, by: 1 | -1, { groups, columns }: CellGrid): number {
  const g = groups.findIndex(({ from, to }) => at >= from && at < to);
  const group = groups[g];
  if (!group) return at;
  const column = (at - group.from) % columns;
  const next = at + by * columns;
  if (next >= group.from && next < group.to) return next;
  const isInLastRow = at + columns - column >= group.to;
  if (by > 0 && !isInLastRow) return group.to - 1; // the row below is shorter
  const other = groups[g + by];
  if (!other) return at;
  const row = by > 0 ? 0 : Math.floor((other.to - other.from - 1) / columns);
  return Math.min(other.to - 1, other.from + row * columns + column);
}
