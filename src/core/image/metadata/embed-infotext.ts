/** Puts an infotext into a picture, where A1111 puts it. */
import { AppError } from '../../errors';
import { embedAvifText, isAvif } from './avif';
import { embedJpegText, isJpeg } from './jpeg';
import { embedPngText, isPng } from './png';
import { embedWebpText, isWebp } from './webp';

/**
 * The picture's own bytes tell its format.
 *
 * @throws AppError 'bad-file' for what is none of PNG, JPEG, WebP, AVIF, or damaged; 'bad-request' where the text is too long
 */
export function embedInfotext(picture: Uint8Array, infotext: string): Uint8Array<ArrayBuffer> {
  if (isPng(picture)) return embedPngText(picture, 'parameters', infotext);
  if (isJpeg(picture)) return embedJpegText(picture, infotext);
  if (isWebp(picture)) return embedWebpText(picture, infotext);
  if (isAvif(picture)) return embedAvifText(picture, infotext);
  throw new AppError('bad-file', 'A recipe goes into PNG, JPEG, WebP and AVIF, and this is none of them.');
}
