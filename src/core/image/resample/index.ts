export { FILTER_IDS, type FilterId } from './filters';
export {
  interpolate,
  INTERPOLATE_MODES,
  lineWeights,
  type InterpolateMode,
  type InterpolateOptions,
} from './interpolate';
export { pillowResize, type ResizeOptions } from './pillow-resize';
