import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createCallStore } from './call-store';

let disk: IDBFactory;
let time = 0;
beforeEach(() => {
  disk = new IDBFactory();
  vi.stubGlobal('IDBKeyRange', IDBKeyRange);
});

const open = () =>
  createCallStore(
    () => disk,
    () => (time += 1),
  );
const calls = (...values: number[]) =>
  values.map((value) => ({ sigma: value, inputSum: value, denoised: Float32Array.of(value, 0.1) }));

describe('createCallStore', () => {
  it('gives back in their order what was written bit by bit, also after a restart', async () => {
    await open().write('a', 0, calls(9, 8));
    await open().write('a', 2, calls(...Array.from({ length: 12 }, (_, i) => i)));
    await open().write('b', 0, calls(1));
    const read = await open().read('a');
    expect(read.map(({ sigma }) => sigma)).toEqual([9, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(read[0]?.denoised).toEqual(Float32Array.of(9, 0.1));
  });

  it('forgets what came after a call that is written again', async () => {
    const store = open();
    await store.write('a', 0, calls(3, 2, 1));
    await store.write('a', 1, calls(5));
    expect((await store.read('a')).map(({ sigma }) => sigma)).toEqual([3, 5]);
  });

  it('removes one picture, and the oldest when there are too many', async () => {
    const store = open();
    for (const key of ['a', 'b', 'c', 'd']) await store.write(key, 0, calls(1, 2));
    await store.remove('c');
    const lengths = await Promise.all(['a', 'b', 'c', 'd'].map(async (key) => (await store.read(key)).length));
    expect(lengths).toEqual([0, 2, 0, 2]);
  });
});
