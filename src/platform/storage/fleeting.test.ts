import { expect, it } from 'vitest';
import { createFleetingProbe } from './fleeting';
import { memoryValues } from './testing/memory';

it('answers each of two tabs that ask at the same time', async () => {
  const shelf = memoryValues();
  let isOver: () => void = () => undefined;
  const firstIsOver = new Promise<void>((resolve) => (isOver = resolve));
  const kept: typeof shelf = {
    ...shelf,
    // as where Blobs are refused
    change: async (puts, deletes) => {
      const bytes = puts.map(([key]) => [key, { blobBytes: new ArrayBuffer(1), type: '' }] as const);
      await shelf.change(bytes, deletes);
    },
  };
  const late: typeof shelf = {
    ...kept,
    get: async <T>(key: string) => {
      await firstIsOver;
      return kept.get<T>(key);
    },
  };
  const second = createFleetingProbe(late)();
  expect(await createFleetingProbe(kept)()).toBe(true);
  isOver();
  expect(await second).toBe(true);
  expect(shelf.map.size).toBe(0);
});
