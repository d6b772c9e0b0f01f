/** The table of noise generators. The picker, the request's validation and the tests iterate it. */
import { createComfyNoise } from './comfyui';
import type { NoiseEntry } from './noise';
import { createPhiloxNoise } from './philox';
import { createTorchCpuNoise } from './torch-cpu';

export const NOISES = {
  nv: { label: 'NV', rng: 'NV', create: createPhiloxNoise, createForTree: createPhiloxNoise, batch: 'own-seeds' },
  cpu: {
    label: 'CPU',
    rng: 'CPU',
    create: createTorchCpuNoise,
    createForTree: createTorchCpuNoise,
    batch: 'own-seeds',
  },
  comfyui: {
    label: 'ComfyUI',
    rng: 'CPU',
    create: createComfyNoise,
    createForTree: createTorchCpuNoise,
    batch: 'one-stream',
  },
} as const satisfies Record<string, NoiseEntry>;

export type NoiseId = keyof typeof NOISES;
