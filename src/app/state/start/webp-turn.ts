/** The turn that a WebP asks for and the browser has not made: Chromium ignores its EXIF, WebKit follows it. */
import { isWebp } from '../../../core/image/metadata/webp';
import { readOrientation } from '../../../core/image/metadata/orientation';
import type { Orientation } from '../../../core/image/paste';

/** How pictures are decoded here; where EXIF is followed they come upright. */
export const UPRIGHT = { premultiplyAlpha: 'none', imageOrientation: 'from-image' } as const;

/** Two red pixels side by side that are to lie on their side (orientation 6): a WebP by Pillow. */
const PROBE =
  'UklGRlAAAABXRUJQVlA4WAoAAAAIAAAAAQAAAAAAVlA4TA8AAAAvAQAAAAcQ/Y/+ByKi/wEARVhJRhoAAABNTQAqAAAACAABARIAAwAAAAEABgAAAAAAAA==';
const HEADER_BYTES = 12;

/** 1 of every other file, and where the pixels that the browser decodes are upright already. */
export async function webpTurn(file: Blob): Promise<Orientation> {
  const head = new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
  if (!isWebp(head)) return 1;
  const orientation = readOrientation(new Uint8Array(await file.arrayBuffer()));
  return orientation === 1 || (await turnsWebp()) ? 1 : orientation;
}

async function turnsWebp(): Promise<boolean> {
  const bytes = Uint8Array.from(atob(PROBE), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/webp' }), UPRIGHT);
  try {
    return bitmap.height > bitmap.width;
  } finally {
    bitmap.close();
  }
}
