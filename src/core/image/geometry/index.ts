export { comfyHiresCells, hiresSize, type HiresSize, type HiresWish } from './hires-size';
export { cropAround, type CropOptions } from './only-masked';
export {
  cropAndResize,
  cropToFit,
  layInto,
  placeIn,
  RESIZE_MODES,
  resizeToFit,
  type Placement,
  type ResizeMode,
} from './resize-mode';
export { tileGrid, type GridOptions } from './tile-grid';
