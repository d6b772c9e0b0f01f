/**
 * Tells of a GPU that gave no more memory.
 *
 * WebGPU answers such a call with a buffer that is none, and says why in an event of the device. What uses the buffer then fails with other words,
 * or goes on and ends in zeros: so whatever a run ends with, the event comes first.
 */
import { AppError, toAppError } from '../../core/errors';
import type { GpuMemory } from '../../engine/ports';

/** The event is sent before the answers to later calls, but a failure may be found without asking the GPU. */
const LATE_MS = 50;

/** Ends `task` with 'out-of-memory' where the GPU refused memory while it ran, or since the one before. */
export type MemoryWatch = <T>(task: () => Promise<T>) => Promise<T>;

export function watchMemory(device: GPUDevice, memory: GpuMemory): MemoryWatch {
  let refusal: AppError | undefined;
  let told: () => void = () => undefined;
  listen(device, (error) => {
    if (!isOutOfMemory(error)) return;
    const given = (memory.read().aliveBytes / 1e9).toFixed(1);
    refusal = new AppError('out-of-memory', `The GPU gave no more memory, at about ${given} GB: ${error.message}`);
    told();
  });
  const late = (): Promise<void> =>
    new Promise((resolve) => {
      told = resolve;
      setTimeout(resolve, LATE_MS);
    });
  return async (task) => {
    try {
      const result = await task();
      const refused = takeRefusal();
      if (!refused) return result;
      throw refused; // is over: it passes below
    } catch (error) {
      const thrown = toAppError(error);
      if (!isOver(thrown)) await late();
      throw takeRefusal() ?? thrown;
    }
  };

  /** Kept until somebody is told: weights are uploaded without waiting for the GPU, so that the event of a load may come after it. */
  function takeRefusal(): AppError | undefined {
    const taken = refusal;
    refusal = undefined;
    return taken;
  }
}

function listen(device: GPUDevice, hear: (error: GPUError) => void): void {
  try {
    device.addEventListener('uncapturederror', ({ error }) => void hear(error));
  } catch {
    // Dawn for Node may have no events: what the runtime says is all that is known there
  }
}

/** What it failed of is known. */
const isOver = ({ code }: AppError): boolean => code !== 'internal';

function isOutOfMemory(error: GPUError): boolean {
  return typeof GPUOutOfMemoryError === 'function' && error instanceof GPUOutOfMemoryError;
}
