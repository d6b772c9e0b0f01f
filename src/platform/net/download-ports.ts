/** How a download meets the world, so that tests can drop the line, stop the clock and fill the disk. */
import { AppError } from '../../core/errors';

export interface DownloadPorts {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Milliseconds from any fixed origin. */
  now(): number;
  /** @throws AppError 'cancelled' when the signal is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 0…1; spreads retries, decides nothing. */
  random(): number;
  /** Resolves when the browser believes that there is a network. */
  online(signal: AbortSignal): Promise<void>;
}

export function cancelled(): AppError {
  return new AppError('cancelled', 'The download was stopped.');
}

export const browserPorts: DownloadPorts = {
  fetch: (url, init) => fetch(url, init),
  now: () => performance.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(cancelled());
      const stop = (): void => {
        clearTimeout(timer);
        reject(cancelled());
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal.addEventListener('abort', stop, { once: true });
    }),
  async online(signal) {
    // A worker of an offline page polls: the event is not delivered to every kind of worker.
    while (!navigator.onLine) await browserPorts.sleep(1000, signal);
  },
};
