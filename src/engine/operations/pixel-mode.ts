/** Where the latent is enlarged (resize mode "latent"), pictures and masks are simply resized. */
import type { ResizeMode } from '../../core/image/geometry';
import type { SettingsOf } from '../../core/workflow';

export const pixelMode = (mode: SettingsOf<'fit_image'>['resizeMode']): ResizeMode =>
  mode === 'latent_upscale' ? 'just_resize' : mode;
