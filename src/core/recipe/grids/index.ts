/** X/Y/Z grids. */
export { AXES, type AxisEntry, type AxisValue, type GridContext } from './axis-table';
export { cellCount, gridCells, MOST_CELLS, type Axis, type AxisDraft, type Cell, type Grid } from './grid';
export { gridKeys, parseAxis, parseGrid } from './parse-grid';
export { parseNumbers, splitList } from './parse-values';
