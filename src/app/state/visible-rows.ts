/** Which part of a long grid is on the screen: only that is in the page. */

export interface GridLook {
  count: number;
  /** CSS pixels inside the scroller. */
  width: number;
  height: number;
  scrollTop: number;
  /** Cells are at least this wide. */
  minCell: number;
  gap: number;
}

export interface VisibleRows {
  columns: number;
  /** Of one square cell, CSS pixels. */
  cell: number;
  /** Of all rows together. */
  totalHeight: number;
  /** Where the first rendered row begins. */
  top: number;
  /** First and behind the last of the rendered cells. */
  from: number;
  to: number;
}

/** Rendered above and below what is seen, so that scrolling never shows a hole. */
const ROWS_BEYOND = 2;

export function visibleRows({ count, width, height, scrollTop, minCell, gap }: GridLook): VisibleRows {
  const columns = Math.max(1, Math.floor((width + gap) / (minCell + gap)));
  const cell = Math.max(1, (width - gap * (columns - 1)) / columns);
  const pitch = cell + gap;
  const rows = Math.ceil(count / columns);
  const first = Math.max(0, Math.min(rows - 1, Math.floor(scrollTop / pitch)) - ROWS_BEYOND);
  const last = Math.min(rows, Math.ceil((scrollTop + height) / pitch) + ROWS_BEYOND);
  return {
    columns,
    cell,
    totalHeight: Math.max(0, rows * pitch - gap),
    top: first * pitch,
    from: first * columns,
    to: Math.min(count, Math.max(first, last) * columns),
  };
}

/** Where the arrow keys lead from cell `at`; undefined for other keys. */
export function nextCell(
  key: string,
  at: number,
  { count, columns, page }: { count: number; columns: number; page: number },
): number | undefined {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * page,
    PageDown: columns * page,
    Home: -count,
    End: count,
  };
  const by = steps[key];
  if (by === undefined || count === 0) return undefined;
  const next = at + by;
  // Up and down do not change the column: at the edge they stay.
  if (Math.abs(by) === columns && (next < 0 || next >= count)) return at;
  return Math.min(count - 1, Math.max(0, next));
}
