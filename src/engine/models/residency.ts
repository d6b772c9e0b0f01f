/** Whether a model's components stay loaded between uses, or are loaded, run and released in turn. */
import { usableBytes } from '../../core/networks';
import { componentIds, COMPONENTS, isPainting, type ComponentId } from '../../core/networks/components';
import type { DeviceReport, Residency } from '../api';
import type { ModelSource } from './model-source';

/** What a picture needs. */
export const painters = (): ComponentId[] => componentIds().filter(isPainting);

/** wasm's heap ends at 4 GiB, and activations need their share. */
const WASM_HEAP_BYTES = 4 * 2 ** 30;
const WASM_WEIGHT_BYTES = 2.5 * 2 ** 30;

export const needsBytes = (source: ModelSource): number =>
  painters().reduce((sum, id) => sum + source.loadedBytes(id), 0);

/** What a picture needs. */
export interface Needs {
  /** Bytes of the weights of all components, as they are loaded. */
  weightBytes: number;
  /** Bytes that the component takes which takes most while it runs; all share one pool. Unknown to wasm. */
  activationBytes: number;
}

/** Where nothing is known of the device, as if there were room. */
export function chooseResidency({ weightBytes, activationBytes }: Needs, device: DeviceReport): Residency {
  if (device.provider === 'wasm') return weightBytes <= WASM_WEIGHT_BYTES ? 'resident' : 'in_turn';
  return weightBytes + activationBytes <= (usableBytes(device) ?? Infinity) ? 'resident' : 'in_turn';
}

/** Share of the GPU's room that weights may take in their wide form: the rest is for activations. */
const WIDE_SHARE = 0.5;

/**
 * Whether matrices that are stored in 8 or 4 bits are widened while they are loaded. Packed ones took 1.1 to 1.4 times as long on an H200
 * (docs/benchmarks.md), and as long to load. Where the room is short or not known, they stay packed.
 *
 * @param wideBytes  of all that paints, widened
 */
export const hasRoomToWiden = (wideBytes: number, device: DeviceReport): boolean =>
  device.provider === 'webgpu' && wideBytes <= WIDE_SHARE * (usableBytes(device) ?? 0);

const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** Bytes that one component can take at most; undefined where nobody knows. */
const roomOf = (device: DeviceReport): number | undefined =>
  device.provider === 'wasm' ? WASM_HEAP_BYTES : usableBytes(device);

/**
 * One sentence where LoRAs cannot be loaded with a part of the model, in whatever turn; else undefined.
 * @param added  what they take of each component: see adapterBytes
 */
export function adapterProblem(
  added: ReadonlyMap<ComponentId, number>,
  { count, source, device }: { count: number; source: ModelSource; device: DeviceReport },
): string | undefined {
  const room = roomOf(device);
  for (const [component, bytes] of added) {
    const whole = bytes + source.loadedBytes(component);
    if (bytes === 0 || room === undefined || whole < room) continue;
    const which = count === 1 ? 'The LoRA takes' : `The ${count} LoRAs take`;
    return `${which} ${inGigabytes(bytes)} beside this model’s ${COMPONENTS[component].name} (${inGigabytes(whole - bytes)}), and ${inGigabytes(room)} are there for both: use fewer, or smaller ones.`;
  }
  return undefined;
}

/**
 * One sentence where a part of the model, with others mixed into it, cannot be loaded in whatever turn; else undefined.
 * @param added  what that takes of each component: see blendBytes
 */
export function blendProblem(
  added: ReadonlyMap<ComponentId, number>,
  { source, device }: { source: Pick<ModelSource, 'loadedBytes'>; device: DeviceReport },
): string | undefined {
  const room = roomOf(device);
  for (const [component, bytes] of added) {
    const own = source.loadedBytes(component);
    const whole = bytes + own;
    if (bytes === 0 || room === undefined || whole < room) continue;
    const advice = device.provider === 'wasm' ? 'smaller models, or use a browser with WebGPU' : 'smaller models';
    return `Merged with others, nothing of this model’s ${COMPONENTS[component].name} stays packed: it takes ${inGigabytes(whole)} then instead of ${inGigabytes(own)}, and ${inGigabytes(room)} are there for it. Merge ${advice}.`;
  }
  return undefined;
}

/** One sentence where no way of loading helps, else undefined. */
export function roomProblem(source: ModelSource, { provider }: DeviceReport): string | undefined {
  if (provider !== 'wasm') return undefined;
  const largest = Math.max(...painters().map((id) => source.loadedBytes(id)));
  if (largest < WASM_HEAP_BYTES) return undefined;
  const needed = (largest / 2 ** 30).toFixed(1);
  return `Without a GPU a part of a model can take 4 GB at most, and this one’s ${COMPONENTS[source.traits.parts.denoiser].name} takes ${needed} GB. Choose a smaller model, or a browser with WebGPU.`;
}
