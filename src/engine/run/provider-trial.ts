/**
 * Which of GPU and CPU paints a small model: both are timed once, on one call of its denoiser. Starting kernels takes a GPU longer than such a call's
 * arithmetic takes many a CPU. Models that are not small are never tried on the CPU, where one call takes minutes.
 */
import type { ModelEntry } from '../../core/catalog';
import type { ProviderTrial } from '../api';
import { callInputs } from '../bench/call-inputs';
import { median } from '../bench/time-calls';
import { openModelSource } from '../models/open-model-source';
import type { Ports, Runtime } from '../ports';

/** As stored. The starter has 13 MB; the smallest published models a hundred times as much. */
const SMALL_BYTES = 64e6;

/** After one that compiles. */
const TIMED_CALLS = 3;

/** A GPU has to be clearly slower before pictures leave it: timings of one call differ by that from one time to the next. */
const CLEARLY = 0.9;

/** Raised when something else is timed, or painted with. */
const VERSION = 1;

export type TrialPorts = Pick<
  Ports,
  'createRuntime' | 'createFiles' | 'packs' | 'createTokenizer' | 'createClipTokenizer' | 'now' | 'trials'
>;

export const isSmall = ({ source, storedBytes, downloadBytes }: ModelEntry): boolean =>
  source.kind !== 'onnx' && (storedBytes ?? downloadBytes ?? Infinity) <= SMALL_BYTES;

export const trialKey = (model: Pick<ModelEntry, 'id'>, gpu: string): string =>
  JSON.stringify([VERSION, model.id, gpu]);

export const cpuWins = ({ cpuMs, gpuMs }: Pick<ProviderTrial, 'cpuMs' | 'gpuMs'>): boolean => cpuMs < CLEARLY * gpuMs;

/**
 * The trial that is kept for this GPU and model, else a new one, which is kept.
 *
 * @param gpu  the runtime that is open, of a GPU
 * @returns undefined where one of them could not be timed: the GPU paints then
 */
export async function tried(
  entry: ModelEntry,
  gpu: Runtime,
  place: { ports: TrialPorts; baseUrl: string },
): Promise<ProviderTrial | undefined> {
  const { trials } = place.ports;
  const key = trialKey(entry, gpu.device.adapter);
  const kept = await trials?.read(key).catch(() => undefined);
  if (kept) return kept;
  // what went wrong will be told where it matters: when the model is loaded
  const trial = await timeBoth(entry, gpu, place).catch(() => undefined);
  if (trial) await trials?.write(key, trial).catch(() => undefined);
  return trial;
}

async function timeBoth(
  entry: ModelEntry,
  gpu: Runtime,
  place: { ports: TrialPorts; baseUrl: string },
): Promise<ProviderTrial> {
  const gpuMs = await timeCall(entry, gpu, place);
  const cpu = await place.ports.createRuntime('wasm');
  try {
    const cpuMs = await timeCall(entry, cpu, place);
    return { cpuMs, gpuMs, cpu: cpu.device.adapter, gpu: gpu.device.adapter };
  } finally {
    await cpu.dispose();
  }
}

/** @returns milliseconds of a call with guidance, shaders compiled */
async function timeCall(
  entry: ModelEntry,
  runtime: Runtime,
  { ports, baseUrl }: { ports: TrialPorts; baseUrl: string },
): Promise<number> {
  const source = await openModelSource({ entry, baseUrl, runtime, ports, onProgress: () => undefined });
  const { denoiser } = source.traits.parts;
  const { session } = await source.open(denoiser, {});
  try {
    const { width, height } = entry.defaults;
    const inputs = callInputs(denoiser, source.traits, { width, height, batch: 2 });
    await session.run(inputs);
    const times: number[] = [];
    while (times.length < TIMED_CALLS) {
      const begun = ports.now();
      await session.run(inputs);
      times.push(ports.now() - begun);
    }
    return median(times);
  } finally {
    await session.dispose();
  }
}
