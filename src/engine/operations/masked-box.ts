/** The part of a picture that is painted where only the masked is. */
import { cropAround } from '../../core/image/geometry';
import { maskBounds } from '../../core/image/masks';
import type { Box, Mask } from '../../core/image/raster';
import type { SettingsOf } from '../../core/workflow';

/** @param mask  as large as the picture, blurred @returns undefined where the whole picture is painted */
export function maskedBox(
  mask: Mask,
  { inpaintArea, maskedPadding: padding, width, height }: Omit<SettingsOf<'fit_masked'>, 'resizeMode'>,
): Box | undefined {
  const masked = inpaintArea === 'masked' ? maskBounds(mask) : undefined;
  return masked && cropAround(masked, { picture: mask, target: { width, height }, padding });
}
