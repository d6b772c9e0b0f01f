/** A finished picture as the page knows it: what made it and how long it took. Its bytes are the gallery's business. */
import type { GenerationRequest } from '../../core/recipe/request';
import type { DeviceReport, GeneratedPicture, Timings } from '../../engine/api';
import { encodePicture, makeThumbnail } from './encode-picture';
import type { FinishedPicture } from './gallery-store';

/** What is said where its bytes should be. */
export const NO_FILE =
  'The file of this picture cannot be read; it may have been deleted in another tab. Reload the page to see what is kept.';

export interface Picture {
  /** Below 0: not kept, lasts until the page is closed. */
  id: number;
  /** Milliseconds since 1970. */
  madeAt: number;
  width: number;
  height: number;
  request: GenerationRequest;
  modelName: string;
  device: DeviceReport;
  timings: Timings;
  /** What was left out of it, a sentence each. */
  notices: readonly string[];
  /** The recipe as A1111 writes it, as it stands in the file. */
  infotext: string;
  /** The sheet of an X/Y/Z grid; its request is the first picture's. */
  isSheet?: boolean;
  isFavourite?: boolean;
  /** Taken out of the gallery, can still be brought back. */
  isRemoved?: boolean;
}

export interface PictureContext {
  modelName: string;
  notices: readonly string[];
  infotext: string;
}

/** @throws AppError 'out-of-memory' where no canvas of that size can be had */
export async function finishPicture(made: GeneratedPicture, context: PictureContext): Promise<FinishedPicture> {
  const { pixels, request, device, timings } = made;
  const { width, height } = pixels;
  const file = await encodePicture(pixels, context.infotext);
  const thumbnail = await makeThumbnail(pixels);
  return { facts: { madeAt: Date.now(), width, height, request, device, timings, ...context }, file, thumbnail };
}
