/**
 * Which of GPU and CPU paints a small model: both are timed once, on one call of its denoiser, and of the network that enlarges its pictures. Starting kernels takes a GPU longer than such a call's
 * arithmetic takes many a CPU. Models that are not small are never tried on the CPU, where one call takes minutes.
 */
import type { ModelEntry } from '../../core/catalog';
import { BUILT_IN_UPSCALER } from '../../core/catalog/built-in-upscaler';
import { AppError, toAppError } from '../../core/errors';
import type { ProviderTrial } from '../api';
import { callInputs } from '../bench/call-inputs';
import { median } from '../bench/time-calls';
import { openBundledPack } from '../models/bundled-pack';
import { openModelSource } from '../models/open-model-source';
import { PATCH_SIDES, Upscaler } from '../models/upscaler';
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

const trialKey = (model: Pick<ModelEntry, 'id'>, gpu: string): string => JSON.stringify([VERSION, model.id, gpu]);

/** By a call; where pictures are enlarged, by one with its steps. */
export function cpuWins({ cpuMs, gpuMs, enlarging }: Pick<ProviderTrial, 'cpuMs' | 'gpuMs' | 'enlarging'>): boolean {
  const { steps, ...more } = enlarging ?? { steps: 1, cpuMs: 0, gpuMs: 0 };
  return steps * cpuMs + more.cpuMs < CLEARLY * (steps * gpuMs + more.gpuMs);
}

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
    const trial = { cpuMs, gpuMs, cpu: cpu.device.adapter, gpu: gpu.device.adapter };
    // seconds on a CPU: asked where it matters
    if (!cpuWins(trial) || entry.enlarger !== BUILT_IN_UPSCALER.id) return trial;
    const enlarging = {
      steps: entry.defaults.steps,
      gpuMs: await timeEnlarger(entry, gpu, place),
      cpuMs: await timeEnlarger(entry, cpu, place),
    };
    return { ...trial, enlarging };
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

/** @returns milliseconds of one picture, by a patch of it, after one that compiles */
async function timeEnlarger(
  { defaults: { width, height } }: ModelEntry,
  runtime: Runtime,
  { ports, baseUrl, watch }: Watched,
): Promise<number> {
  watch.check();
  const entry = BUILT_IN_UPSCALER;
  const files = ports.createFiles(entry, baseUrl);
  const open = await openBundledPack({ files, name: entry.name, onProgress: () => undefined, hasExtras: false });
  const upscaler = new Upscaler({ entry, open, runtime, room: { side: PATCH_SIDES[0], isWide: false } });
  try {
    watch.check();
    await upscaler.load();
    const side = Math.min(upscaler.patchSide, width, height);
    const run = () => upscaler.run(new Float32Array(3 * side * side).fill(0.5), { width: side, height: side });
    await watch.call(run);
    return ((width * height) / side ** 2) * (await watch.time(run));
  } finally {
    await upscaler.dispose();
  }
}
