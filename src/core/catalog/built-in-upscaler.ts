/** The upscaler that ships with the app: fetched when it is first used. */
import type { UpscalerEntry } from './catalog';

export const BUILT_IN_UPSCALER: UpscalerEntry = {
  id: 'realesr-animevideov3-x4',
  name: 'Real-ESRGAN animevideo v3',
  description: 'Four times as wide and high: small and fast, best with flat art and drawings.',
  licence: {
    name: 'BSD-3-Clause',
    url: 'https://github.com/xinntao/Real-ESRGAN/blob/master/LICENSE',
    commercialUse: 'allowed',
  },
  role: 'upscaler',
  scale: 4,
  source: { kind: 'bundled', path: 'models/upscaler/' },
  /** As the build packs it (tools/vite/pack-files.ts). */
  downloadBytes: 1_081_526,
  storedBytes: 1_253_325,
};
