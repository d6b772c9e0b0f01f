/** ComfyUI's noise: the start from the CPU generator, what is added on the way from CUDA's, both with one seed. */
import type { NoiseSource, Seed } from './noise';
import { createPhiloxNoise } from './philox';
import { createTorchCpuNoise } from './torch-cpu';

/**
 * As on an NVIDIA card, where all pictures made with ancestral samplers come from. (On a CPU the added noise would be
 * the CPU generator's, seeded with seed + 1.)
 *
 * @see ComfyUI comfy/sample.py prepare_noise, comfy/k_diffusion/sampling.py default_noise_sampler
 */
export function createComfyNoise(seed: Seed): NoiseSource {
  const start = createTorchCpuNoise(seed);
  const added = createPhiloxNoise(seed);
  let started = false;
  return {
    next(count) {
      const source = started ? added : start;
      started = true;
      return source.next(count);
    },
  };
}
