/** How the model's answers to several prompts become one. */
export { assertFinite } from './assert-finite';
export { dualWeights, DUAL_STYLES, type DualStyle } from './dual-cfg';
export { addImageGuidance, cfg, cfgWithoutNegative, usesNegative, type CfgTerms, type Guide } from './cfg';
export {
  patchOf,
  readPatches,
  remembers,
  withPatch,
  writePatches,
  CFG_PATCHES,
  type CfgPatchId,
  type PatchUse,
} from './cfg-patches';
export type { Answers, GuidedAt } from './answers';
export { thresholded, type ThresholdTerms } from './dynamic-thresholding';
export { THRESHOLD_MODES, thresholdScale, type ThresholdMode } from './threshold-modes';
export { perpNeg, type PerpNegTerms } from './perp-neg';
export { rescaleCfg, rescaleCfgInV, type RescaleInVTerms, type RescaleTerms } from './rescale-cfg';
export { skipsNegative, type GuidanceCall, type SkipOptions } from './skip-negative';
export {
  addCounterparts,
  areaOf,
  regionWeights,
  within,
  WeighedAnswers,
  type Area,
  type Placing,
  type Region,
} from './regions';
export { blurWhereSeen, isBlurrable, type SeenPicture } from './self-attention';
