/** How pictures and masks are fitted where it is the latent that is enlarged: they are just resized. */
import type { ResizeMode } from '../../core/image/geometry';
import type { SettingsOf } from '../../core/workflow';

export const pixelMode = (mode: SettingsOf<'fit_image'>['resizeMode']): ResizeMode =>
  mode === 'latent_upscale' ? 'just_resize' : mode;
