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

/** Ends `task` with 'out-of-memory' where the GPU refused memory while it ran. */
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
    refusal = undefined;
    try {
      const result = await task();
      if (!refusal) return result;
    } catch (error) {
      const thrown = toAppError(error);
      if (!isOver(thrown)) await late();
      throw refusalOf() ?? thrown;
    }
    throw refusal;
  };

  function refusalOf(): AppError | undefined {
    return refusal;
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
