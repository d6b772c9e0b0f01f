/** A denoiser whose unmasked part stays as it is. */
import type { Denoise, DenoiseBoth } from '../samplers';
import type { Masking } from './masking';

/** The prediction of the negative prompt alone is left as the model gives it, as A1111 and ComfyUI leave it. */
export function maskedDenoiser(
  { denoise, denoiseBoth }: { denoise: Denoise; denoiseBoth: DenoiseBoth },
  masking: Masking,
): { denoise: Denoise; denoiseBoth: DenoiseBoth } {
  return {
    denoise: async (x, sigma) => masking.after(await denoise(masking.before(x, sigma), sigma), sigma),
    denoiseBoth: async (x, sigma) => {
      const { denoised, uncond } = await denoiseBoth(masking.before(x, sigma), sigma);
      return { denoised: masking.after(denoised, sigma), uncond };
    },
  };
}
