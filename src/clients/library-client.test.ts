import { afterEach, describe, expect, it } from 'vitest';
import type { LibrarySnapshot } from '../engine/library-api';
import { createFakeLibrary } from '../app/testing/fake-library';
import { closeWorkers, fakeWorker } from './testing/fake-worker';
import { createLibraryClient } from './library-client';

afterEach(closeWorkers);

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
    const workers = libraries.map(fakeWorker);
    const left = [...workers];
    const client = createLibraryClient(() => left.shift() as unknown as Worker);
    const seen: LibrarySnapshot[] = [];
    await client.open({ hub: 'https://a' }, (snapshot) => void seen.push(snapshot));
    client.useHub('https://b');
    workers[0]?.fire('error', { message: 'boom' });
    expect(workers[0]?.isTerminated).toBe(true);
    await client.pause('x');
    expect(hubs).toEqual(['https://a', 'https://b']);
    libraries[1]?.show({ entries: [] });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen.at(-1)?.storage.usedBytes).toBe(2);
  });
});
