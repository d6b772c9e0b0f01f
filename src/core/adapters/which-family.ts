/** Which family an adapter is for: the one whose layers match most of its keys and shapes. What the file itself says only decides ties. */
import { familyOf, publishedFamilies, type ModelFamily } from '../families';
import { familyOfTraining } from '../families/recognise';
import { layerIndex } from './layer-index';
import { matchLayers, type Match, type Tensors } from './match-layers';
import { familyShapes } from './model-shapes';

/** A key of one of several text encoders: kohya's and diffusers'. */
const COUNTED = /^(lora_te\d_|\w*_2\.)/;

export interface FamilyMatch {
  family: ModelFamily;
  match: Match;
}

/** Trainers count text encoders where there are two, and else do not. */
function fitsTexts(family: ModelFamily, tensors: Tensors): boolean {
  const isCounted = [...tensors.keys()].some((key) => COUNTED.test(key));
  return isCounted === familyOf(family).texts.length > 1;
}

/**
 * @param base  what the file says of the model it was trained on: may be wrong, and is absent in half of all files
 * @returns undefined where no key fits any
 */
export function whichFamily(tensors: Tensors, base: readonly string[]): FamilyMatch | undefined {
  const told = base.map(familyOfTraining).find((family) => family !== undefined);
  const matches = publishedFamilies()
    .map((family) => ({ family, match: matchLayers(tensors, layerIndex(familyShapes(family))) }))
    .filter(({ match }) => match.fitting > 0);
  const most = Math.max(...matches.map(({ match }) => match.fitting));
  const best = matches.filter(({ match }) => match.fitting === most);
  return best.find(({ family }) => family === told) ?? best.find(({ family }) => fitsTexts(family, tensors)) ?? best[0];
}
