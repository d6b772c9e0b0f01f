/** Seeded normal noise: generators, what a picture draws from them, and the Brownian path of SDE samplers. */
import { NOISES, type NoiseId } from './table';

export { createBrownianTree, type BrownianTree, type BrownianTreeOptions } from './brownian-tree';
export { createImageNoise, type ImageNoise, type ImageNoiseOptions } from './image-noise';
export type { BatchPlace, NoiseEntry, NoiseMaker, NoiseSource, Seed } from './noise';
export { NOISE_SOURCES } from './sources';
export { NOISES, type NoiseId } from './table';

export function isNoiseId(id: string): id is NoiseId {
  return Object.hasOwn(NOISES, id);
}
