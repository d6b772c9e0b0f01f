/** The page's end of the benchmark's worker, which lives for one run: its GPU memory goes with it. */
import { proxy, wrap } from 'comlink';
import type { BenchReport } from '../../core/bench';
import { AppError, toAppError } from '../../core/errors';
import type { BenchApi, BenchProgress, BenchSetup } from '../../engine/bench-api';

export interface BenchHandle {
  /** @throws AppError 'cancelled' after stop() */
  run(setup: BenchSetup, onProgress: (progress: BenchProgress) => void): Promise<BenchReport>;
  /** At once, whatever the GPU is doing. Harmless when nothing runs. */
  stop(): void;
}

function spawnBench(): Worker {
  return new Worker(new URL('../../../workers/bench.worker.ts', import.meta.url), { type: 'module', name: 'bench' });
}

export function createBenchClient(spawn: () => Worker = spawnBench): BenchHandle {
  let stop = (): void => undefined;
  return {
    run(setup, onProgress) {
      return new Promise((resolve, reject) => {
        const worker = spawn();
        const end = (settle: () => void): void => {
          worker.terminate();
          stop = () => undefined;
          settle();
        };
        worker.addEventListener('error', (event) => {
          event.preventDefault();
          const why = event.message ? `The benchmark stopped: ${event.message}` : 'The benchmark could not be started.';
          end(() => reject(new AppError('internal', why)));
        });
        stop = () => end(() => reject(new AppError('cancelled', 'The benchmark was cancelled.')));
        wrap<BenchApi>(worker)
          .run(setup, proxy(onProgress))
          .then(
            (report) => end(() => resolve(report)),
            (error: unknown) => end(() => reject(toAppError(error))),
          );
      });
    },
    stop: () => stop(),
  };
}
