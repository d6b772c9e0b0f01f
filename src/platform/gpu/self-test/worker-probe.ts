/** Runs the self-test in a worker of its own, which is ended when it falls silent. */
import { AppError, isErrorCode } from '../../../core/errors';
import type { Probe } from './examine';
import type { Outcome } from './groups';
import type { SelfTestRequest } from './run-groups';

/** What the worker says. */
export type ProbeMessage =
  { type: 'outcome'; outcome: Outcome } | { type: 'done' } | { type: 'failed'; code: string; message: string };

/** @param spawn  makes the worker; it answers one SelfTestRequest */
export function createWorkerProbe(spawn: () => Worker): Probe {
  return async (request, tell, signal) => {
    if (signal?.aborted) throw stopped();
    const worker = spawn();
    try {
      await Promise.race([converse(worker, request, tell), ...(signal ? [aborted(signal)] : [])]);
    } finally {
      worker.terminate();
    }
  };
}

const stopped = (): AppError => new AppError('cancelled', 'The test of the GPU was stopped.');

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(stopped())));

function converse(worker: Worker, request: SelfTestRequest, tell: (outcome: Outcome) => void): Promise<void> {
  const { patienceMs } = request;
  return new Promise((resolve, reject) => {
    const silent = (): void =>
      reject(new AppError('device-lost', `The GPU gave no answer for ${Math.round(patienceMs / 1000)} s.`));
    let watch = setTimeout(silent, patienceMs);
    worker.onmessage = ({ data }: MessageEvent<ProbeMessage>) => {
      clearTimeout(watch);
      if (data.type === 'done') resolve();
      else if (data.type === 'failed') reject(new AppError(toCode(data.code), data.message));
      else {
        tell(data.outcome);
        watch = setTimeout(silent, patienceMs);
      }
    };
    worker.onerror = (event) => {
      clearTimeout(watch);
      event.preventDefault();
      reject(new AppError('internal', `The GPU could not be tested: ${event.message || 'its worker did not start'}.`));
    };
    worker.postMessage(request);
  });
}

const toCode = (code: string) => (isErrorCode(code) ? code : 'internal');
