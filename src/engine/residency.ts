/** Whether a model's components stay loaded between uses, or are loaded, run and released in turn. */
import { usableBytes } from '../core/networks';
import { componentIds, COMPONENTS, isPainting, type ComponentId } from '../core/networks/components';
import type { DeviceReport, Residency } from './api';
import type { ModelSource } from './model-source';

/** What a picture needs. */
const painters = (): ComponentId[] => componentIds().filter(isPainting);

/** wasm's heap ends at 4 GiB, and activations need their share. */
const WASM_HEAP_BYTES = 4 * 2 ** 30;
const WASM_WEIGHT_BYTES = 2.5 * 2 ** 30;

export const needsBytes = (source: ModelSource): number =>
  painters().reduce((sum, id) => sum + source.loadedBytes(id), 0);

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
  const largest = Math.max(...painters().map((id) => source.loadedBytes(id)));
  if (largest < WASM_HEAP_BYTES) return undefined;
  const needed = (largest / 2 ** 30).toFixed(1);
  return `Without a GPU a part of a model can take 4 GB at most, and this one’s ${COMPONENTS[source.traits.parts.denoiser].name} takes ${needed} GB. Choose a smaller model, or a browser with WebGPU.`;
}
