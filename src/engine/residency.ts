/** Whether a model's components stay loaded between uses, or are loaded, run and released in turn. */
import type { ComponentId } from '../core/packs';
import type { DeviceReport, Residency } from './api';
import type { ModelSource } from './model-source';

/** What a picture needs. */
const PAINTERS: readonly ComponentId[] = ['text_encoder', 'text_encoder_2', 'unet', 'vae_decoder'];

/** wasm's heap ends at 4 GiB, and activations need their share. */
const WASM_HEAP_BYTES = 4 * 2 ** 30;
const WASM_WEIGHT_BYTES = 2.5 * 2 ** 30;

/**
 * WebGPU does not say how much memory there is. A device's largest buffer grows with it: 0.25 to 1 GiB on phones, 2 to
 * 4 GiB on desktop GPUs of 8 GB and more. A model of one and a half such buffers leaves room for activations.
 */
const BUFFERS = 1.5;

export const needsBytes = (source: ModelSource): number =>
  PAINTERS.reduce((sum, id) => sum + source.loadedBytes(id), 0);

/** @returns undefined where nothing is known of the device: as if there were room */
export function chooseResidency(bytes: number, { provider, maxBufferBytes }: DeviceReport): Residency {
  if (provider === 'wasm') return bytes <= WASM_WEIGHT_BYTES ? 'resident' : 'in_turn';
  return maxBufferBytes === undefined || bytes <= BUFFERS * maxBufferBytes ? 'resident' : 'in_turn';
}

/** One sentence where no way of loading helps, else undefined. */
export function roomProblem(source: ModelSource, { provider }: DeviceReport): string | undefined {
  if (provider !== 'wasm') return undefined;
  const largest = Math.max(...PAINTERS.map((id) => source.loadedBytes(id)));
  if (largest < WASM_HEAP_BYTES) return undefined;
  const needed = (largest / 2 ** 30).toFixed(1);
  return `Without a GPU a part of a model can take 4 GB at most, and this one’s U-Net takes ${needed} GB. Choose a smaller model, or a browser with WebGPU.`;
}
