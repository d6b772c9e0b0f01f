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
 * 4 GiB on desktop GPUs of 8 GB and more, of which 6.5 GB are for us. Small devices share their memory with all else, and end a page that takes too much:
 * one and a half buffers.
 */
const DESKTOP_BUFFER_BYTES = 2e9;
const DESKTOP_BYTES = 6.5e9;
const SMALL_BUFFERS = 1.5;

/** @param maxBufferBytes  of a GPU @returns what a model may take of it, weights and all */
export const usableBytes = (maxBufferBytes: number): number =>
  maxBufferBytes >= DESKTOP_BUFFER_BYTES ? DESKTOP_BYTES : SMALL_BUFFERS * maxBufferBytes;

export const needsBytes = (source: ModelSource): number =>
  PAINTERS.reduce((sum, id) => sum + source.loadedBytes(id), 0);

/** What a picture needs. */
export interface Needs {
  /** Of all components as they are loaded. */
  weightBytes: number;
  /** Of the component that takes most while it runs; all share one pool. Unknown to wasm. */
  activationBytes: number;
}

/** Where nothing is known of the device, as if there were room. */
export function chooseResidency(
  { weightBytes, activationBytes }: Needs,
  { provider, maxBufferBytes }: DeviceReport,
): Residency {
  if (provider === 'wasm') return weightBytes <= WASM_WEIGHT_BYTES ? 'resident' : 'in_turn';
  if (maxBufferBytes === undefined) return 'resident';
  return weightBytes + activationBytes <= usableBytes(maxBufferBytes) ? 'resident' : 'in_turn';
}

/** One sentence where no way of loading helps, else undefined. */
export function roomProblem(source: ModelSource, { provider }: DeviceReport): string | undefined {
  if (provider !== 'wasm') return undefined;
  const largest = Math.max(...PAINTERS.map((id) => source.loadedBytes(id)));
  if (largest < WASM_HEAP_BYTES) return undefined;
  const needed = (largest / 2 ** 30).toFixed(1);
  return `Without a GPU a part of a model can take 4 GB at most, and this one’s U-Net takes ${needed} GB. Choose a smaller model, or a browser with WebGPU.`;
}
