/** What draws the numbers of each noise of the table. */
import { createComfyNoise } from './comfyui';
import type { NoiseMaker } from './noise';
import { createPhiloxNoise } from './philox';
import type { NoiseId } from './table';
import { createTorchCpuNoise } from './torch-cpu';

export const NOISE_SOURCES: Readonly<Record<NoiseId, NoiseMaker>> = {
  nv: { create: createPhiloxNoise, createForTree: createPhiloxNoise },
  cpu: { create: createTorchCpuNoise, createForTree: createTorchCpuNoise },
  comfyui: { create: createComfyNoise, createForTree: createTorchCpuNoise },
};
