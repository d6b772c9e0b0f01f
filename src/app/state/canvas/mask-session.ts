/** From kept pixels to a mask that is painted on, and back. */
import { raster } from '../../../core/image/raster';
import type { Pixels } from '../../../engine/api';
import { MaskEditor } from './mask-editor.svelte';
import { maskFrom } from './mask-file';
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
