/** X/Y/Z grids. */
export { AXES, type AxisEntry, type AxisValue, type GridContext } from './axis-table';
export {
  cellCount,
  gridCells,
  gridKeys,
  MOST_CELLS,
  parseAxis,
  parseGrid,
  type Axis,
  type AxisDraft,
  type Cell,
  type Grid,
} from './grid';
export { parseNumbers, splitList } from './parse-values';
