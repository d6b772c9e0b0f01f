/** Which node draws nearest to a class of controlnet_aux that is not drawn here. */
import { nearestTo } from '../../../hints/not-here';
import type { PreprocessorId } from '../../../hints/preprocessors';

const CLASSES: Readonly<Partial<Record<PreprocessorId, string>>> = {
  canny: 'CannyEdgePreprocessor',
  depth_anything_v2: 'DepthAnythingV2Preprocessor',
  lineart_anime: 'AnimeLineArtPreprocessor',
  normal_from_depth: 'BAE-NormalMapPreprocessor',
  openpose: 'OpenposePreprocessor',
  softedge_teed: 'TEEDPreprocessor',
};

/** The end of a sentence; undefined where nothing comes near. */
export function nearestHint(type: string): string | undefined {
  const nearest = nearestTo(type);
  const one = nearest && CLASSES[nearest];
  return one && `nothing here draws so; ${one} comes nearest.`;
}
