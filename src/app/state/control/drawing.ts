/** A hint drawn by hand: white on black, as networks for scribbles and lines want it. */
import { raster, toRgba, type Size } from '../../../core/image/raster';
import type { Pixels } from '../../../engine/api';
import { MaskEditor } from '../canvas/mask-editor.svelte';
import { maskFrom } from '../canvas/mask-file';
import { CHALK, MaskOverlay, PINK } from '../canvas/overlay';

/** Said where its sheet had to close by itself. */
export const KEPT_SO_FAR = 'What you have drawn so far is kept.';

export interface Drawing {
  editor: MaskEditor;
  overlay: MaskOverlay;
  /** The picture that is drawn on. */
  ground: ImageBitmap;
  toPixels(): Pixels;
  close(): void;
}

/** Pixels across, of a line and of a brush for areas: of a side's length. */
const [LINE_PART, AREA_PART] = [1 / 64, 1 / 6];

export interface DrawingWish {
  size: Size;
  /** A drawing to go on with, of any size. */
  before?: Pixels | undefined;
  /** What is painted over, in this size. */
  picture?: Pixels | undefined;
  /** Areas are painted, not lines. */
  isArea?: boolean;
}

/** @throws where the browser has no memory for it */
export async function openDrawing({ size, before, picture, isArea = false }: DrawingWish): Promise<Drawing> {
  const lines = before ? maskFrom(before, size) : raster(size, 1);
  const below = new ImageData(size.width, size.height);
  if (picture) below.data.set(picture.data);
  else for (let i = 3; i < below.data.length; i += 4) below.data[i] = 255;
  const ground = await createImageBitmap(below);
  const overlay = picture && isArea ? new MaskOverlay(lines) : new MaskOverlay(lines, picture ? PINK : CHALK);
  const editor = new MaskEditor(lines, (box) => overlay.update(box));
  editor.diameter = Math.max(2, Math.round(Math.min(size.width, size.height) * (isArea ? AREA_PART : LINE_PART)));
  return {
    editor,
    overlay,
    ground,
    toPixels: () => toRgba(lines),
    close: () => {
      ground.close();
      overlay.free();
    },
  };
}
