import { expose } from 'comlink';
import { afterEach, describe, expect, it } from 'vitest';
import type { LibrarySnapshot } from '../../engine/library-api';
import { createFakeLibrary, type FakeLibrary } from '../testing/fake-library';
import { createLibraryClient } from './library-client';

const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

/** A worker without a thread; `crash` is what the browser would report. */
function workerWith(api: FakeLibrary) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(api, port2);
  let onError: (event: object) => void = () => undefined;
  const worker = {
    isTerminated: false,
    postMessage: port1.postMessage.bind(port1),
    removeEventListener: port1.removeEventListener.bind(port1),
    addEventListener(type: string, listener: (event: unknown) => void) {
      if (type === 'message') port1.addEventListener(type, listener as EventListener);
      else onError = listener;
      port1.start();
    },
    terminate: () => void (worker.isTerminated = true),
    crash: () => onError({ preventDefault: () => undefined, message: 'boom' }),
  };
  return worker;
}

describe('createLibraryClient', () => {
  it('ends a crashed worker, and tells the next one the mirror and who listens', async () => {
    const libraries = [createFakeLibrary(), createFakeLibrary({ storage: { usedBytes: 2, isPersistent: true } })];
    const hubs: string[] = [];
    for (const library of libraries) {
      const { open } = library;
      library.open = (setup, onChange) => {
        hubs.push(setup.hub);
        return open(setup, onChange);
      };
    }
    const workers = libraries.map(workerWith);
    const left = [...workers];
    const client = createLibraryClient(() => left.shift() as unknown as Worker);
    const seen: LibrarySnapshot[] = [];
    await client.open({ hub: 'https://a' }, (snapshot) => void seen.push(snapshot));
    client.useHub('https://b');
    workers[0]?.crash();
    expect(workers[0]?.isTerminated).toBe(true);
    await client.pause('x');
    expect(hubs).toEqual(['https://a', 'https://b']);
    libraries[1]?.show({ entries: [] });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen.at(-1)?.storage.usedBytes).toBe(2);
  });
});
