/** What a model takes beside its weights for a picture of its usual size. */
import type { ModelEntry } from '../../core/catalog';
import type { DeviceReport } from '../api';
import { coderMemory } from './coder-memory';
import type { ModelSource } from './model-source';

/** Bytes that the activations of the decoder take, which are the most, for a picture of the model's usual size. */
export function usualActivationBytes(
  { defaults: { width, height } }: ModelEntry,
  source: ModelSource,
  device: DeviceReport,
): number {
  const { latentFactor } = source.traits;
  const memoryOf = coderMemory('decoder', source, { device, activations: source.activations });
  return memoryOf({ width: Math.ceil(width / latentFactor), height: Math.ceil(height / latentFactor) }).pooledBytes;
}
