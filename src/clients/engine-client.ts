/** The page's end of the engine's worker. */
import { proxy, type Remote } from 'comlink';
import { AppError } from '../core/errors';
import type { EngineApi, EngineWorkerApi } from '../engine/api';
import { createWorkerLine } from './worker-line';

/** The engine as a page sees it: rejects with AppError only, and can be started afresh after a crash. */
export interface EngineHandle extends EngineApi {
  /** Ends the worker with all it holds; calls under way reject, the next call starts a new worker. */
  restart(): void;
}

/** What of it the app uses: recipes, which the engine compiles, and hints. Those that only seem to paint run no workflows. */
export type PageEngine = Omit<EngineHandle, 'run'> & Partial<Pick<EngineHandle, 'run'>>;

function spawnEngine(): Worker {
  return new Worker(new URL('../../workers/engine.worker.ts', import.meta.url), { type: 'module', name: 'engine' });
}

/** Node and old browsers have none. */
type MaybeLocks = Pick<LockManager, 'request'> | undefined;
const findLocks = (): MaybeLocks => (globalThis.navigator as { locks?: LockManager } | undefined)?.locks;

/**
 * Memory that a worker shares with the page. Pages that are not isolated have none, nor has WebKitGTK 2.50, which calls them
 * isolated all the same: their cancels wait.
 */
const shareMemory = (): SharedArrayBuffer | undefined =>
  globalThis.crossOriginIsolated && 'SharedArrayBuffer' in globalThis
    ? new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
    : undefined;

export function createEngineClient(
  spawn: () => Worker = spawnEngine,
  locks: MaybeLocks = findLocks(),
  share = shareMemory,
): EngineHandle {
  let workers = 0;
  let wish: SharedArrayBuffer | undefined;

  /** Worker and page ask for one lock, the worker first: the page gets it when the worker is gone, busy or not until then. */
  async function watch(remote: Remote<EngineWorkerApi>, signal: AbortSignal): Promise<void> {
    const name = `gesso-engine ${performance.timeOrigin} ${(workers += 1)}`;
    await remote.live(name);
    await locks?.request(name, { signal }, () => undefined);
  }

  const line = createWorkerLine<EngineWorkerApi>({
    spawn,
    failure: (message) =>
      message === undefined
        ? new AppError('internal', 'The engine could not be started.')
        : new AppError('stopped', message),
    onStart(remote, { signal, end }) {
      wish = share();
      if (wish) remote.watch(wish).catch(() => undefined); // its end is told by the calls under way
      if (!locks) return;
      watch(remote, signal).then(
        () => end(new AppError('stopped', 'The browser ended it.')),
        () => undefined, // ended before, or a browser that gives no lock: then the person is told of the silence
      );
    },
  });
  const { call } = line;

  return {
    open: (setup, onEvent) => call((remote) => remote.open(setup, onEvent && proxy(onEvent))),
    examine: (setup) => call((remote) => remote.examine(setup)),
    load: (model, onEvent, shape) => call((remote) => remote.load(model, proxy(onEvent), shape)),
    generate: (request, model, onEvent, inputs) =>
      call((remote) => remote.generate(request, model, proxy(onEvent), inputs)),
    run: (workflow, inputs, onEvent) => call((remote) => remote.run(workflow, inputs, proxy(onEvent))),
    countTokens: (text, model, reading) => call((remote) => remote.countTokens(text, model, reading)),
    cancel: () => {
      if (wish) Atomics.store(new Int32Array(wish), 0, 1);
      line.tell((remote) => remote.cancel());
    },
    restart: () => line.end(new AppError('cancelled', 'The engine was started again.')),
  };
}
