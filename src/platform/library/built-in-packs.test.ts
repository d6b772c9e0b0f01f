/** A LoRA of the built-in model's own size, added as any other. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { bytesSource } from '../../core/formats';
import { createAdapterStore } from '../storage/adapter-store';
import { memoryValues } from '../storage/testing/memory';
import { storeAddOn } from './add-ons';
import { fetchBuiltInPacks } from './built-in-packs';

const shipped = (path: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../../../public/models/${path}`, import.meta.url)));
const files = { open: (path: string) => Promise.resolve(bytesSource(path, shipped(`starter/${path}`))) };

async function add(packs: Awaited<ReturnType<ReturnType<typeof fetchBuiltInPacks>>>) {
  const store = createAdapterStore(memoryValues());
  const picked = { path: 'mine.safetensors', file: new Blob([shipped('starter-add-ons/starter-ink.safetensors')]) };
  const about = { picked, all: [picked], packs, onProgress: () => undefined, signal: new AbortController().signal };
  await storeAddOn(store, about);
  return store.list();
}

describe('fetchBuiltInPacks', () => {
  it('lets a LoRA for the built-in model in', async () => {
    const packs = await fetchBuiltInPacks('http://localhost/', files)();
    expect(await add(packs)).toMatchObject([{ name: 'mine', kind: 'lora', models: ['starter'] }]);
    await expect(add([])).rejects.toThrow('nothing in the file fits');
  });

  it('is none where it cannot be fetched', async () => {
    vi.spyOn(console, 'info').mockReturnValue();
    const offline = { open: () => Promise.reject(new Error('offline')) };
    expect(await fetchBuiltInPacks('http://localhost/', offline)()).toEqual([]);
  });
});
