/** What a person says of the device that paints: by what, and how much memory it has. */
import type { EngineSetup, ProviderChoice } from '../../../engine/api';

export const PROVIDERS = {
  auto: { label: 'Automatic' },
  webgpu: { label: 'WebGPU' },
  wasm: { label: 'CPU (wasm)' },
} as const satisfies Record<ProviderChoice, { label: string }>;

export function isProviderChoice(value: unknown): value is ProviderChoice {
  return typeof value === 'string' && Object.hasOwn(PROVIDERS, value);
}

/** Gigabytes of a GPU, as its box says; a page cannot see them. */
const GIGABYTES = [4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 80];
export const GPU_MEMORY: Readonly<Record<string, { label: string; bytes?: number }>> = {
  auto: { label: 'Automatic' },
  low: { label: 'Low memory (phone)', bytes: 1.48e9 },
  ...Object.fromEntries(GIGABYTES.map((gb) => [`${gb} GB`, { label: `${gb} GB`, bytes: gb * 1e9 }])),
};

/** What a person says of the device. */
export type DeviceChoice = Pick<EngineSetup, 'provider' | 'memoryBytes'>;
