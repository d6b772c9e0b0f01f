/** What the engine is given beside a request: without LoRAs and embeddings here nothing is fetched for it. */
import { ownUpscalers } from '../../../core/recipe/hires-upscalers';
import { ownTexts, ownVae } from '../../../core/recipe/own-vae';
import type { GenerationRequest } from '../../../core/recipe/request';
import type { WorkflowInputs } from '../../../engine/api';
import { fetchInLine } from '../graph/fetch-in-line';
import type { GraphWork } from '../graph/graph-work';
import type { ModelLibrary } from '../library/library.svelte';
import type { StartPictures } from '../start/start-pictures.svelte';

/** @returns what a request names, as it is here when it is painted. Throws AppError 'missing-file', 'missing-picture' */
export const lateInputs =
  (pictures: StartPictures, library: ModelLibrary) =>
  async (request: GenerationRequest, graph?: GraphWork): Promise<Partial<WorkflowInputs>> => {
    if (graph) return (await fetchInLine()).graphInputs(graph, pictures, library);
    const images = await pictures.imagesOf(request);
    const namesNothing =
      ownVae(request) === undefined &&
      ownTexts(request).length === 0 &&
      !mayName(request, library) &&
      ownUpscalers(request).length === 0 &&
      request.hiresCheckpoint === undefined &&
      request.refinerCheckpoint === undefined &&
      !request.control;
    if (namesNothing) return images ? { images } : {};
    return (await import('./picture-inputs')).pictureInputs(request, images, library);
  };

/** Whether a prompt may name a LoRA or an embedding: what is built in is known by its name without spaces. */
export function mayName(request: GenerationRequest, { adapters }: ModelLibrary): boolean {
  const { prompt, negativePrompt, hiresPrompt = '', hiresNegativePrompt = '' } = request;
  const text = [prompt, negativePrompt, hiresPrompt, hiresNegativePrompt].join(' ').toLowerCase().replace(/\s/g, '');
  return adapters.some(({ isBuiltIn, name }) => !isBuiltIn || text.includes(name));
}
