/** The page's end of the benchmark's worker, which lives for one run: its GPU memory goes with it. */
import { proxy } from 'comlink';
import type { BenchReport } from '../core/bench';
import { AppError } from '../core/errors';
import type { BenchApi, BenchProgress, BenchSetup } from '../engine/bench-api';
import { createWorkerLine } from './worker-line';

export interface BenchHandle {
  /** @throws AppError 'cancelled' after stop() */
  run(setup: BenchSetup, onProgress: (progress: BenchProgress) => void): Promise<BenchReport>;
  /** Stops at once, whatever the GPU is doing. Harmless when nothing runs. */
  stop(): void;
}

function spawnBench(): Worker {
  return new Worker(new URL('../../workers/bench.worker.ts', import.meta.url), { type: 'module', name: 'bench' });
}

export function createBenchClient(spawn: () => Worker = spawnBench): BenchHandle {
  const line = createWorkerLine<BenchApi>({
    spawn,
    failure: (message) =>
      new AppError(
        'internal',
        message === undefined ? 'The benchmark could not be started.' : `The benchmark stopped: ${message}`,
      ),
  });
  const stop = (): void => line.end(new AppError('cancelled', 'The benchmark was cancelled.'));
  return {
    run: (setup, onProgress) => line.call((remote) => remote.run(setup, proxy(onProgress))).finally(stop),
    stop,
  };
}
