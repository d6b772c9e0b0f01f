/** A finished picture as the start of another that is only larger. Fetched when somebody asks for one. */
import { ENLARGERS } from '../../../core/recipe/hires-upscalers';
import { ADVANCED_DEFAULTS, type GenerationRequest } from '../../../core/recipe/request';
import type { Picture } from '../pictures/picture';
import { readStartPicture } from './read-start-picture';
import type { StartPictures } from './start-pictures.svelte';

const [FIRST] = Object.keys(ENLARGERS) as (keyof typeof ENLARGERS)[];

/**
 * Nothing is painted: the picture itself goes through the network, and its words stay with it.
 * @throws AppError as readStartPicture, 'quota'
 */
export async function enlargedRequest(
  file: Blob,
  { request }: Pick<Picture, 'request'>,
  startPictures: Pick<StartPictures, 'put'>,
): Promise<GenerationRequest> {
  const { pixels } = await readStartPicture(file);
  const { enlarger = ADVANCED_DEFAULTS.enlarger } = request;
  const made: GenerationRequest = {
    ...request,
    initImage: await startPictures.put(pixels),
    denoisingStrength: 0,
    resizeMode: 'just_resize',
    width: pixels.width,
    height: pixels.height,
    hiresScale: 1,
    enlarger: enlarger === 'none' ? FIRST : enlarger,
  };
  delete made.initMask;
  delete made.seamFix; // seams would be painted over
  return made;
}
