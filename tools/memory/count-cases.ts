/** What tools/memory.mjs counts: networks at the true widths with few layers, or whole ones, at sizes that software can run. */
import { FAMILY_CONFIGS } from '../../src/core/models';
import { smallConfigs } from '../../src/core/packs/testing/small-models';
import type { CountCase } from './count-page';

const at = (side: number, batch: number) => ({ batch, tokens: 77, height: side, width: side });
const smallUnet = (family: 'sd15' | 'sdxl') => smallConfigs(family, 'true').unet;

export const COUNT_CASES: Record<string, CountCase> = {
  'SD 1.5 text encoder of 2 layers, float16': {
    component: 'text_encoder',
    config: smallConfigs('sd15', 'true').text_encoder,
    activations: 'float16',
    bindings: at(1, 1),
  },
  'SD 1.5 U-Net of two levels, 32x32, batch 2, float16': {
    component: 'unet',
    config: smallUnet('sd15'),
    activations: 'float16',
    bindings: at(32, 2),
  },
  'the same, 48x48': { component: 'unet', config: smallUnet('sd15'), activations: 'float16', bindings: at(48, 2) },
  'SDXL U-Net of two levels, 32x32, batch 2, float16': {
    component: 'unet',
    config: smallUnet('sdxl'),
    activations: 'float16',
    bindings: at(32, 2),
  },
  'the whole decoder of SD 1.5, 16x16, float16': {
    component: 'vae_decoder',
    config: FAMILY_CONFIGS.sd15.vae,
    activations: 'float16',
    bindings: at(16, 1),
  },
  'the same, 24x24': {
    component: 'vae_decoder',
    config: FAMILY_CONFIGS.sd15.vae,
    activations: 'float16',
    bindings: at(24, 1),
  },
};
