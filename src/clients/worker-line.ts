/** A worker that is started by the first call, and anew after it has ended: no call waits for ever. */
import { wrap, type Remote } from 'comlink';
import { AppError, toAppError } from '../core/errors';

export interface WorkerLineOptions<Api> {
  spawn(): Worker;
  /** Errors for a worker that fails without a message, and with one. */
  failure(message: string | undefined): AppError;
  /** Called for each worker when it starts. `signal` is aborted when it ends, `end` ends it. */
  onStart?(remote: Remote<Api>, watch: { signal: AbortSignal; end(reason: AppError): void }): void;
}

export interface WorkerLine<Api> {
  /** Rejects with AppError alone. */
  call<T>(work: (remote: Remote<Api>) => Promise<T>): Promise<T>;
  /** Tells the worker that is there, where one is; a message that cannot be delivered ends it. */
  tell(work: (remote: Remote<Api>) => Promise<unknown>): void;
  /** Ends the worker with all it holds; calls under way reject. Harmless where there is none. */
  end(reason: AppError): void;
}

interface Running<Api> {
  worker: Worker;
  remote: Remote<Api>;
  over: AbortController;
  /** Calls under way, to be rejected when the worker goes. */
  pending: Set<(reason: unknown) => void>;
}

export function createWorkerLine<Api>({ spawn, failure, onStart }: WorkerLineOptions<Api>): WorkerLine<Api> {
  let running: Running<Api> | undefined;

  function start(): Running<Api> {
    const worker = spawn();
    const fresh: Running<Api> = {
      worker,
      remote: wrap<Api>(worker),
      over: new AbortController(),
      pending: new Set(),
    };
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      end(fresh, failure(event.message || undefined));
    });
    worker.addEventListener('messageerror', () =>
      end(fresh, new AppError('internal', 'A message from a worker could not be read.')),
    );
    onStart?.(fresh.remote, { signal: fresh.over.signal, end: (reason) => end(fresh, reason) });
    return fresh;
  }

  function end(dead: Running<Api>, reason: AppError): void {
    if (running === dead) running = undefined;
    dead.over.abort();
    dead.worker.terminate();
    for (const reject of [...dead.pending]) reject(reason);
  }

  return {
    // Not Promise.race with one long-lived promise: that keeps every result, pictures too, for as long as the worker lives.
    call: (work) =>
      new Promise((resolve, reject) => {
        try {
          running ??= start();
        } catch (thrown) {
          throw toAppError(thrown);
        }
        const { remote, pending } = running;
        const fail = (reason: unknown): void => {
          pending.delete(fail);
          reject(toAppError(reason));
        };
        pending.add(fail);
        work(remote).then((value) => {
          pending.delete(fail);
          resolve(value);
        }, fail);
      }),
    tell(work) {
      const asked = running;
      if (asked) work(asked.remote).catch((reason: unknown) => end(asked, toAppError(reason)));
    },
    end: (reason) => running && end(running, reason),
  };
}
