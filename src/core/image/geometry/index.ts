export { extendedSize, extendPicture, FEATHER, type Extended, type Margins } from './extend';
export { comfyHiresCells, hiresSize, type HiresSize, type HiresWish } from './hires-size';
export { joinTiles, type JoinOptions } from './join-tiles';
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
