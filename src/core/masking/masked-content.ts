/** What lies under the mask before it is repainted. @see A1111 modules/processing.py, inpainting_fill */
import { blend } from './masking';

export type MaskedContent = 'fill' | 'original' | 'latent_noise' | 'latent_nothing';

/**
 * `fill` is done to the picture: see core/image/masks.
 *
 * @param noise  the first draw: under the mask it is the latent, and what the start adds comes on top of it
 * @param mask  [height, width], 1 where to repaint
 */
export function maskedContent(
  content: MaskedContent,
  { latent, noise, mask }: { latent: Float32Array; noise: Float32Array; mask: Float32Array },
): Float32Array {
  if (content === 'latent_noise') return blend(noise, latent, mask);
  return content === 'latent_nothing' ? blend(new Float32Array(latent.length), latent, mask) : latent;
}
