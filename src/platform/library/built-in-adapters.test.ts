import { describe, expect, it } from 'vitest';
import type { StoredAdapter } from '../../engine/library-api';
import type { AdapterStore } from '../storage/adapter-store';
import { withBuiltIn } from './built-in-adapters';

const adapter = (id: string, more: Partial<StoredAdapter> = {}): StoredAdapter => ({
  ...{ id, kind: 'lora', name: id, fileName: `${id}.safetensors`, bytes: 3, addedAt: 1, hasPreview: false },
  ...{ aliases: [], triggerWords: [], notices: [], hashes: { sha256: id, short: id } },
  ...more,
});
const INK = adapter('ink', { isBuiltIn: true, hasPreview: true });

/** A store of one LoRA, and what it was asked to write. */
function setUp(isOffline = false) {
  const written: string[] = [];
  const asked: string[] = [];
  const store: AdapterStore = {
    list: () => Promise.resolve([adapter('own'), adapter('ink', { name: 'older' })]),
    put: ({ id }) => Promise.resolve(void written.push(`put ${id}`)),
    update: ({ id }) => Promise.resolve(void written.push(`update ${id}`)),
    delete: (id) => Promise.resolve(void written.push(`delete ${id}`)),
    file: (id) => Promise.resolve(new Blob([`stored ${id}`])),
    preview: () => Promise.resolve(undefined),
  };
  const fetchFile = (file: string): Promise<Blob> => {
    asked.push(file);
    return isOffline ? Promise.reject(new Error('offline')) : Promise.resolve(new Blob([`fetched ${file}`]));
  };
  return { all: withBuiltIn(store, fetchFile, [INK]), written, asked };
}

describe('withBuiltIn', () => {
  it('lists what is built in once, and before what is stored', async () => {
    const { all, asked } = setUp();
    expect((await all.list()).map(({ id, name }) => [id, name])).toEqual([
      ['ink', 'ink'],
      ['own', 'own'],
    ]);
    expect(asked).toEqual([]);
  });

  it('takes each file from where it is', async () => {
    const { all, asked } = setUp();
    expect(await (await all.file('own')).text()).toBe('stored own');
    expect(await (await all.file('ink')).text()).toBe('fetched ink.safetensors');
    expect(asked).toEqual(['ink.safetensors']);
  });

  it('fetches the file with the picture, so that who has looked at it can use it offline', async () => {
    const { all, asked } = setUp();
    expect(await (await all.preview('ink'))?.text()).toBe('fetched ink.webp');
    expect(asked).toEqual(['ink.safetensors', 'ink.webp']);
    expect(await setUp(true).all.preview('ink')).toBeUndefined();
  });

  it('says so where a file cannot be had', async () => {
    await expect(setUp(true).all.file('ink')).rejects.toThrow('offline');
  });

  it('writes nothing of what is built in', async () => {
    const { all, written } = setUp();
    await all.update(INK);
    await all.update(adapter('own'));
    expect(written).toEqual(['update own']);
  });
});
