export { pixelPerfectResolution, resizeToBlocks, type PixelPerfect } from './annotator-size';
export { findEdges, type CannyThresholds } from './find-edges';
export { hintValues, makeHint, type HintOptions } from './make-hint';
export * from './preprocessor';
export {
  findPreprocessor,
  preprocessor,
  PREPROCESSOR_IDS,
  PREPROCESSORS,
  preprocessorsFor,
  type PreprocessorId,
} from './preprocessors';
export { toHintPlanes } from './to-hint-planes';
