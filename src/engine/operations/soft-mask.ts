/** The mask by which a soft inpainting goes into its picture: where that changed. @see A1111 extensions-builtin/soft-inpainting, apply_adaptive_masks */
import { pillowGaussian } from '../../core/image/blur';
import { cropAndResize, cropToFit, resizeToFit } from '../../core/image/geometry';
import { latentMask } from '../../core/image/masks';
import { put, raster, type Box, type Mask, type Size } from '../../core/image/raster';
import { softChange } from '../../core/masking';
import type { SettingsOf } from '../../core/workflow';
import { pixelMode } from './pixel-mode';

interface SoftParts extends Size {
  /** Latents before and after, in cells. */
  kept: Float32Array;
  latent: Float32Array;
  /** The mask, as large as the picture. */
  mask: Mask;
  box: Box | undefined;
  /** Where there is no box: as large as what was painted. */
  into: Size;
  settings: SettingsOf<'paste_back'>;
}

/** Radius of the blur over the changes, which were found cell by cell; pixels. */
const BLUR = 4;

/** @returns as large as the picture where there is a box, else as what was painted */
export function softMask({ kept, latent, mask, box, into, settings, ...cells }: SoftParts): Mask {
  const { width, height } = settings;
  const size = { width, height };
  const mode = pixelMode(settings.resizeMode);
  const seen = box ? cropToFit(mask, box, size) : resizeToFit(mask, size, { mode });
  const changed = softChange(
    { kept, latent, mask: latentMask(seen, cells, 'soft'), width: cells.width, height: cells.height },
    settings,
  );
  const soft = pillowGaussian(resizeToFit(changed, size, { mode: 'resize_and_fill' }), BLUR);
  if (!box) return resizeToFit(soft, into, { mode: 'just_resize' });
  const part = cropAndResize(soft, { width: box.right - box.left, height: box.bottom - box.top });
  return put(raster({ width: mask.width, height: mask.height }, 1), part, box.left, box.top);
}
