/** From kept pixels to all that is painted on: a picture, colours over it, a mask. */
import { fromPixels, raster } from '../../../core/image/raster';
import type { Pixels } from '../../../engine/api';
import { MaskEditor } from './mask-editor.svelte';
import { maskFrom } from './mask-file';
import { ColourOverlay, MaskOverlay, type Overlay } from './overlay';
import { PaintHistory } from './paint-history.svelte';
import { SketchEditor } from './sketch-editor.svelte';

export interface Session {
  mask: MaskEditor;
  sketch: SketchEditor;
  /** What is drawn over the picture, the lowest first. */
  overlays: readonly Overlay[];
  /** The picture that is painted on. */
  picture: CanvasImageSource;
  /** What is started from as it is by now, a copy; without a mask: where nothing is masked. */
  source(): { picture: Pixels; mask: Pixels | undefined };
  close(): void;
}

export interface ToPaint {
  /** The picture that is painted on; opaque. */
  picture: Pixels;
  /** What was painted over it so far. */
  layer?: Pixels | undefined;
  /** The mask so far. */
  mask: Pixels | undefined;
}

/** @throws where the browser has no memory for it */
export function openSession({ picture: pixels, layer, mask: kept }: ToPaint): Session {
  const { data, width, height } = pixels;
  const history = new PaintHistory();
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  const base = raster(pixels, 4, data.slice()); // another colour of paper changes it
  const onPaper = (): void => context.putImageData(new ImageData(base.data, width, height), 0, 0);
  onPaper();

  const levels = kept ? maskFrom(kept, pixels) : raster(pixels, 1);
  const veil = new MaskOverlay(levels);
  const mask = new MaskEditor(levels, (box) => veil.update(box), history);
  const colours = new ColourOverlay(pixels, () => {
    sketch.settle();
    return sketch.layer;
  });
  const sketch = new SketchEditor({
    ...{ base, layer: layer && fromPixels(layer), history, mask, onPaper },
    onChange: (box) => colours.update(box),
  });

  const close = (): void => {
    canvas.width = canvas.height = 0;
    for (const overlay of [colours, veil]) overlay.free();
  };
  const source = (): ReturnType<Session['source']> => {
    const composed = sketch.composed();
    return { picture: { width, height, data: composed.data.slice() }, mask: mask.toPixels() };
  };
  return { mask, sketch, overlays: [colours, veil], picture: canvas, source, close };
}
