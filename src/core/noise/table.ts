/** The table of noise generators. The picker, the request's validation and the tests iterate it; what draws is in sources.ts, which the page does without. */
import type { NoiseEntry } from './noise';

export const NOISES = {
  nv: { label: 'NV', rng: 'NV', batch: 'own-seeds' },
  cpu: { label: 'CPU', rng: 'CPU', batch: 'own-seeds' },
  comfyui: { label: 'ComfyUI', rng: 'CPU', batch: 'one-stream' },
} as const satisfies Record<string, NoiseEntry>;

export type NoiseId = keyof typeof NOISES;
