/**
 * Which of GPU and CPU paints a small model: both are timed once, on one call of its denoiser. Starting kernels takes a GPU longer than such a call's
 * arithmetic takes many a CPU. Models that are not small are never tried on the CPU, where one call takes minutes.
 */
import type { ModelEntry } from '../../core/catalog';
import { AppError, toAppError } from '../../core/errors';
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
const VERSION = 2;

/** A call of a small model that has not come back by then does not. Shaders of the first take seconds to compile. */
const SILENT_MS = 60_000;

export type TrialPorts = Pick<
  Ports,
  'createRuntime' | 'createFiles' | 'packs' | 'createTokenizer' | 'createClipTokenizer' | 'now' | 'rest' | 'trials'
>;

export interface TrialPlace {
  ports: TrialPorts;
  baseUrl: string;
  /** Asked between calls: throws where nobody waits for the outcome any more. */
  check?(): void;
}

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
 * @throws AppError 'device-lost' where one of them gives no answer: that GPU is of no use; 'cancelled' as `check`
 */
export async function tried(entry: ModelEntry, gpu: Runtime, place: TrialPlace): Promise<ProviderTrial | undefined> {
  const { trials } = place.ports;
  const key = trialKey(entry, gpu.device.adapter);
  const kept = await trials?.read(key).catch(() => undefined);
  if (kept) return kept;
  const watch = new Watch(place);
  const timed = timeBoth(entry, gpu, { ...place, watch });
  timed.catch(() => undefined); // of a GPU that is gone it may fail much later, or never
  const trial = await Promise.race([timed, gpu.lost, watch.silence]).catch((thrown: unknown) => {
    watch.isOver = true;
    if (watch.isSilent || toAppError(thrown).code === 'cancelled') throw thrown;
    // what went wrong will be told where it matters: when the model is loaded, which opens a GPU that is gone anew
    return undefined;
  });
  if (trial) await trials?.write(key, trial).catch(() => undefined);
  return trial;
}

/** Stands by while calls are made, which cannot be broken off. */
class Watch {
  readonly #place: TrialPlace;
  /** Nothing more is to be called. */
  isOver = false;
  isSilent = false;
  #tell: (error: AppError) => void = () => undefined;

  /** Rejects when a call gives no answer; never resolves. */
  readonly silence = new Promise<never>((_, reject) => (this.#tell = reject));

  constructor(place: TrialPlace) {
    this.#place = place;
    this.silence.catch(() => undefined); // nobody may be racing when it comes
  }

  check(): void {
    if (this.isOver) throw new AppError('cancelled', 'The trial is over.');
    this.#place.check?.();
  }

  async call(run: () => Promise<unknown>): Promise<void> {
    this.check();
    let isAnswered = false;
    void this.#place.ports.rest(SILENT_MS).then(() => {
      if (isAnswered || this.isOver) return;
      this.isSilent = true;
      this.#tell(new AppError('device-lost', 'A trial of GPU and CPU gave no answer.'));
    });
    try {
      await run();
    } finally {
      isAnswered = true;
    }
  }

  /** @returns milliseconds */
  async time(run: () => Promise<unknown>): Promise<number> {
    const { now } = this.#place.ports;
    const begun = now();
    await this.call(run);
    return now() - begun;
  }
}

type Watched = TrialPlace & { watch: Watch };

async function timeBoth(entry: ModelEntry, gpu: Runtime, place: Watched): Promise<ProviderTrial> {
  const gpuMs = await timeCall(entry, gpu, place);
  place.watch.check();
  const cpu = await place.ports.createRuntime('wasm');
  try {
    const cpuMs = await timeCall(entry, cpu, place);
    return { cpuMs, gpuMs, cpu: cpu.device.adapter, gpu: gpu.device.adapter };
  } finally {
    await cpu.dispose();
  }
}

/** @returns milliseconds of a call with guidance, shaders compiled */
async function timeCall(entry: ModelEntry, runtime: Runtime, { ports, baseUrl, watch }: Watched): Promise<number> {
  watch.check();
  const source = await openModelSource({ entry, baseUrl, runtime, ports, onProgress: () => undefined });
  watch.check();
  const { denoiser } = source.traits.parts;
  const { session } = await source.open(denoiser, {});
  try {
    const { width, height } = entry.defaults;
    const inputs = callInputs(denoiser, source.traits, { width, height, batch: 2 });
    const run = () => session.run(inputs);
    await watch.call(run);
    const times: number[] = [];
    while (times.length < TIMED_CALLS) times.push(await watch.time(run));
    return median(times);
  } finally {
    await session.dispose();
  }
}
