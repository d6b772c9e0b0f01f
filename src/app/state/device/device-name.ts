/** Which device computed, and through what. */
import type { DeviceReport } from '../../../engine/api';

/** "NVIDIA GeForce RTX 4090 (WebGPU)", "CPU, 8 threads (wasm)". */
export function deviceName({ provider, adapter }: DeviceReport): string {
  return `${adapter} (${provider === 'webgpu' ? 'WebGPU' : 'wasm'})`;
}
