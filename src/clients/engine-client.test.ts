import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../core/errors';
import type { EngineApi, EngineEvent, EngineWorkerApi } from '../engine/api';
import { CATALOG } from '../app/testing/catalog';
import { createFakeEngine } from '../app/testing/fake-engine';
import { closeWorkers, fakeWorker } from './testing/fake-worker';
import { createEngineClient } from './engine-client';

const [model] = CATALOG.models;
const request = { prompt: 'a cat', steps: 2, seed: 1, width: 16, height: 8 } as Parameters<EngineApi['generate']>[0];
afterEach(closeWorkers);

function clientOf(...apis: EngineApi[]) {
  const workers = apis.map(fakeWorker);
  const left = [...workers];
  const locks = fakeLocks();
  const client = createEngineClient(() => {
    const worker = left.shift();
    if (!worker) throw new Error('no worker left');
    return worker as unknown as Worker;
  }, locks.manager);
  return { client, workers, locks };
}

/** Locks that are given when the test says that a worker is gone. */
function fakeLocks() {
  const waiting: { name: string; give: () => void }[] = [];
  const request = (name: string, { signal }: LockOptions, use: LockGrantedCallback<undefined>) =>
    new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
      waiting.push({ name, give: () => resolve(use(null)) });
    });
  return { waiting, manager: { request } as unknown as LockManager };
}

/** An engine that is alive, as far as anybody knows. */
const living = (api: EngineApi): EngineWorkerApi => ({
  ...api,
  live: () => Promise.resolve(),
  watch: () => Promise.resolve(),
});

describe('createEngineClient', () => {
  it('knows at once when a worker has ended without a word, and starts a new one', async () => {
    const { client, workers, locks } = clientOf(living(createFakeEngine('60000')), living(createFakeEngine('0')));
    const lost = client.load(model, () => undefined);
    await vi.waitFor(() => expect(locks.waiting).toHaveLength(1));
    locks.waiting[0]?.give();
    await expect(lost).rejects.toMatchObject({ code: 'stopped' });
    expect(workers[0]?.isTerminated).toBe(true);
    await client.load(model, () => undefined);
    await vi.waitFor(() => expect(locks.waiting).toHaveLength(2));
    expect(new Set(locks.waiting.map(({ name }) => name)).size, 'a lock each').toBe(2);
  });

  it('watches no worker that it has ended itself', async () => {
    const { client, locks } = clientOf(living(createFakeEngine('60000')), living(createFakeEngine('0')));
    client.load(model, () => undefined).catch(() => undefined);
    await vi.waitFor(() => expect(locks.waiting).toHaveLength(1));
    client.restart();
    await expect(client.load(model, () => undefined)).resolves.toBeUndefined();
    locks.waiting[0]?.give();
    await expect(
      client.load(model, () => undefined),
      'the new one stays',
    ).resolves.toBeUndefined();
  });

  it('passes calls on and events back', async () => {
    const { client } = clientOf(createFakeEngine('0'));
    const events: EngineEvent[] = [];
    const picture = await client.generate(request, model, (event) => void events.push(event));
    expect(picture.pixels.data).toHaveLength(16 * 8 * 4);
    expect(events.filter((event) => event.type === 'step')).toHaveLength(2);
  });

  it('rebuilds the code of an error from the worker', async () => {
    const { client } = clientOf(createFakeEngine('0,load:out-of-memory'));
    const error: unknown = await client.load(model, () => undefined).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'out-of-memory' });
  });

  it('rejects what is under way when the worker crashes, and starts a new one for the next call', async () => {
    const { client, workers } = clientOf(createFakeEngine('60000'), createFakeEngine('0'));
    const lost = client.load(model, () => undefined);
    workers[0]?.fire('error', { message: 'RuntimeError: unreachable' });
    await expect(lost).rejects.toMatchObject({
      code: 'stopped',
      message: 'RuntimeError: unreachable',
    });
    expect(workers[0]?.isTerminated).toBe(true);
    await expect(client.load(model, () => undefined)).resolves.toBeUndefined();
  });

  it('says that the engine could not be started where the browser gives no reason', async () => {
    const { client, workers } = clientOf(createFakeEngine('60000'));
    const lost = client.load(model, () => undefined);
    workers[0]?.fire('error', {});
    await expect(lost).rejects.toMatchObject({ message: 'The engine could not be started.' });
  });

  it('reports a browser that gives no worker at all', async () => {
    const { client } = clientOf();
    await expect(client.load(model, () => undefined)).rejects.toMatchObject({
      code: 'internal',
      message: 'no worker left',
    });
  });

  it('ends calls under way when it is restarted', async () => {
    const { client } = clientOf(createFakeEngine('60000'));
    const lost = client.load(model, () => undefined);
    client.restart();
    await expect(lost).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('writes a cancel into memory that each worker is given anew, whatever that worker is busy with', async () => {
    const given: SharedArrayBuffer[] = [];
    const busy = (): EngineWorkerApi => ({
      ...living(createFakeEngine('0')),
      watch: (wish) => Promise.resolve(void given.push(wish)),
      cancel: () => undefined,
    });
    const workers = [fakeWorker(busy()), fakeWorker(busy())];
    const share = () => new SharedArrayBuffer(4);
    const client = createEngineClient(() => workers.shift() as unknown as Worker, undefined, share);
    client.cancel();
    await client.load(model, () => undefined);
    expect([...new Int32Array(given[0])]).toEqual([0]);
    client.cancel();
    expect([...new Int32Array(given[0])], 'before any message is heard').toEqual([1]);
    client.restart();
    await client.load(model, () => undefined);
    expect(given.map((wish) => [...new Int32Array(wish)])).toEqual([[1], [0]]);
  });

  it('cancels nothing without harm', () => {
    const { client } = clientOf();
    expect(() => client.cancel()).not.toThrow();
  });
});
