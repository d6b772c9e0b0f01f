/** From kept pixels to a mask that is painted on, and back. */
import { pillowResize } from '../../../core/image/resample';
import { raster, type Mask, type Raster, type Size } from '../../../core/image/raster';
import type { Pixels } from '../../../engine/api';
import { MaskEditor } from './mask-editor.svelte';
import { Overlay } from './overlay';

export interface MaskSession {
  editor: MaskEditor;
  overlay: Overlay;
  picture: ImageBitmap;
  close(): void;
}

export interface ToPaint {
  picture: Pixels;
  /** What is masked so far. */
  mask: Pixels | undefined;
}

/** @throws where the browser has no memory for it */
export async function openMask({ picture: pixels, mask: kept }: ToPaint): Promise<MaskSession> {
  const { data, width, height } = pixels;
  const mask = kept ? maskFrom(kept, pixels) : raster(pixels, 1);
  const picture = await createImageBitmap(new ImageData(data, width, height));
  const overlay = new Overlay(mask);
  const editor = new MaskEditor(mask, (box) => overlay.update(box));
  const close = (): void => {
    picture.close();
    overlay.free();
  };
  return { editor, overlay, picture, close };
}

/** How bright it is, at another size. Where Pillow rounds, so does this. */
export function maskFrom(pixels: Pixels, { width, height }: Size): Mask {
  const mask = greyOf(pixels);
  if (mask.width === width && mask.height === height) return mask;
  return pillowResize(mask, { width, height }, { filter: 'lanczos' });
}

/** ITU-R 601 luma in 16 bits. @see Pillow's convert("L") */
function greyOf({ width, height, data }: Pixels): Raster<1> {
  const grey = raster({ width, height }, 1);
  for (let i = 0; i < grey.data.length; i++)
    grey.data[i] = (data[4 * i] * 19595 + data[4 * i + 1] * 38470 + data[4 * i + 2] * 7471 + 0x8000) >> 16;
  return grey;
}
