/** The page's end of the engine's worker: the only user of comlink in the app. */
import { proxy, wrap, type Remote } from 'comlink';
import { AppError, toAppError } from '../../core/errors';
import type { EngineApi, EngineWorkerApi } from '../../engine/api';

/** The engine as the page sees it: rejects with AppError only, and can be started afresh after a crash. */
export interface EngineHandle extends EngineApi {
  /** Ends the worker with all it holds; calls under way reject, the next call starts a new worker. */
  restart(): void;
}

/** What of it the page uses: recipes, which the engine compiles. */
export type PageEngine = Omit<EngineHandle, 'run'>;

interface Line {
  worker: Worker;
  remote: Remote<EngineWorkerApi>;
  /** Ends the watch over it. */
  unwatch: AbortController;
  /** Calls under way, to be rejected when the worker goes. */
  pending: Set<(reason: unknown) => void>;
}

function spawnEngine(): Worker {
  return new Worker(new URL('../../../workers/engine.worker.ts', import.meta.url), { type: 'module', name: 'engine' });
}

/** Node and old browsers have none. */
type MaybeLocks = Pick<LockManager, 'request'> | undefined;
const findLocks = (): MaybeLocks => (globalThis.navigator as { locks?: LockManager } | undefined)?.locks;

export function createEngineClient(spawn: () => Worker = spawnEngine, locks: MaybeLocks = findLocks()): EngineHandle {
  let line: Line | undefined;
  let lines = 0;

  /** Worker and page ask for one lock, the worker first: the page gets it when the worker is gone, busy or not until then. */
  async function watch({ remote, unwatch }: Line): Promise<void> {
    if (!locks) return;
    const name = `gesso-engine ${performance.timeOrigin} ${(lines += 1)}`;
    await remote.live(name);
    await locks.request(name, { signal: unwatch.signal }, () => undefined);
  }

  function connect(): Line {
    const worker = spawn();
    const fresh: Line = {
      worker,
      remote: wrap<EngineWorkerApi>(worker),
      unwatch: new AbortController(),
      pending: new Set(),
    };
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      drop(
        fresh,
        event.message
          ? new AppError('stopped', event.message)
          : new AppError('internal', 'The engine could not be started.'),
      );
    });
    watch(fresh).then(
      () => locks && drop(fresh, new AppError('stopped', 'The browser ended it.')),
      () => undefined, // dropped before, or a browser that gives no lock: then the person is told of the silence
    );
    worker.addEventListener('messageerror', () =>
      drop(fresh, new AppError('internal', 'A message from the engine could not be read.')),
    );
    return fresh;
  }

  function ready(): Line {
    try {
      return (line ??= connect());
    } catch (thrown) {
      throw toAppError(thrown);
    }
  }

  function drop(dead: Line, reason: AppError): void {
    if (line === dead) line = undefined;
    dead.unwatch.abort();
    dead.worker.terminate();
    for (const reject of [...dead.pending]) reject(reason);
  }

  // Not Promise.race with one long-lived promise: that keeps every result, pictures too, for as long as the worker lives.
  function call<T>(work: (remote: Remote<EngineWorkerApi>) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { remote, pending } = ready();
      const fail = (reason: unknown): void => {
        pending.delete(fail);
        reject(toAppError(reason));
      };
      pending.add(fail);
      work(remote).then((value) => {
        pending.delete(fail);
        resolve(value);
      }, fail);
    });
  }

  return {
    open: (setup, onEvent) => call((remote) => remote.open(setup, onEvent && proxy(onEvent))),
    examine: (setup) => call((remote) => remote.examine(setup)),
    load: (model, onEvent, shape) => call((remote) => remote.load(model, proxy(onEvent), shape)),
    generate: (request, model, onEvent) => call((remote) => remote.generate(request, model, proxy(onEvent))),
    run: (workflow, inputs, onEvent) => call((remote) => remote.run(workflow, inputs, proxy(onEvent))),
    countTokens: (text, model, reading) => call((remote) => remote.countTokens(text, model, reading)),
    cancel: () => {
      const asked = line;
      // A cancel that cannot be delivered means a dead worker: its calls must not hang.
      if (asked) asked.remote.cancel().catch((reason: unknown) => drop(asked, toAppError(reason)));
    },
    restart: () => {
      if (line) drop(line, new AppError('cancelled', 'The engine was started again.'));
    },
  };
}
