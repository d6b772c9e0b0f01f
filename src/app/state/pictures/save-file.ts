/** Files for the person's own folders: what they are called, and how the browser is asked to save them. */
import type { GenerationRequest } from '../../../core/recipe/request';

const SLUG_LENGTH = 40;
/** A word with its accents, a flag, or an emoji with all that belongs to it. */
const WORDS =
  /[\p{L}\p{N}\p{M}]+|\p{RI}{2}|\p{ExtPict}[\p{EMod}\u{FE0F}]*(?:\u{200D}\p{ExtPict}[\p{EMod}\u{FE0F}]*)*/gu;

/** `gesso-7-a-red-apple.png`. @param extension without the dot */
export function pictureFileName(
  { seed, prompt }: Pick<GenerationRequest, 'seed' | 'prompt'>,
  extension = 'png',
): string {
  const words = prompt.normalize('NFC').toLowerCase().match(WORDS) ?? [];
  const slug = [...words.join('-')]
    .slice(0, SLUG_LENGTH)
    .join('')
    .replace(/[-\u{200D}]+$/u, '');
  return `gesso-${seed}-${slug === '' ? 'picture' : slug}.${extension}`;
}

/** A picture that is dragged out of the page becomes a file with a name of its own, where the browser can (Chromium). */
export function dragAsFile({ dataTransfer }: Pick<DragEvent, 'dataTransfer'>, url: string, name: string): void {
  dataTransfer?.setData('DownloadURL', `image/png:${name}:${url}`);
}

/** Long enough for the slowest browser to have begun reading. */
const FORGET_MS = 60_000;

/** Has the browser save the bytes as a file. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), FORGET_MS);
}
