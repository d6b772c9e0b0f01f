export { pixelPerfectResolution, resizeToBlocks, type PixelPerfect } from './annotator-size';
export { drawHint, type DrawingOptions, type RunNetwork, type Shown } from './draw-hint';
export { findEdges, type CannyThresholds } from './find-edges';
export { drawnHintFor, hintFor, type HintWish } from './hint-for';
export { hintValues, makeHint, type HintOptions } from './make-hint';
export * from './preprocessor';
export {
  findPreprocessor,
  isComputed,
  preprocessor,
  PREPROCESSOR_IDS,
  PREPROCESSORS,
  preprocessorsFor,
  type ComputedId,
  type PreprocessorId,
} from './preprocessors';
export { toHintPlanes } from './to-hint-planes';
