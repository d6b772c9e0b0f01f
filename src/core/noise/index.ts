/** The table of noise generators. The picker, the request's validation and the tests iterate it. */
import type { NoiseEntry } from './noise';
import { createPhiloxNoise } from './philox';
import { createTorchCpuNoise } from './torch-cpu';

export type { NoiseEntry, NoiseSource } from './noise';

export const NOISES = {
  nv: { label: 'NV', create: createPhiloxNoise },
  cpu: { label: 'CPU', create: createTorchCpuNoise },
} as const satisfies Record<string, NoiseEntry>;

export type NoiseId = keyof typeof NOISES;

export function isNoiseId(id: string): id is NoiseId {
  return Object.hasOwn(NOISES, id);
}
