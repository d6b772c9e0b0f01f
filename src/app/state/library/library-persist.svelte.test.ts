import { describe, expect, it, vi } from 'vitest';
import { entryWithoutCatalog } from '../../../core/catalog';
import { createFakeLibrary } from '../../testing/fake-library';
import { memoryStore } from '../../testing/page';
import { ModelLibrary } from './library.svelte';

const ENTRY = entryWithoutCatalog('mine', 'Mine', 'starter', {
  source: { kind: 'hub', repo: 'who/it', revision: 'main', files: ['mine.safetensors'] },
  downloadBytes: 1e6,
});
const FILES = [new File(['x'], 'mine.safetensors')];

describe('the request that storage may last', () => {
  it.each([
    ['is not answered, as while Firefox asks the person', () => new Promise<never>(() => undefined)],
    ['is refused', () => Promise.reject(new Error('not here'))],
  ])('holds up neither an import nor a download where it %s', async (_how, answer) => {
    const persist = vi.fn(answer);
    const api = createFakeLibrary();
    const [importing, downloading] = [vi.spyOn(api, 'importFiles'), vi.spyOn(api, 'download')];
    const library = new ModelLibrary(api, { version: 1, models: [ENTRY] }, memoryStore(), { persist });
    await library.importFiles(FILES);
    expect(importing).toHaveBeenCalledTimes(1);
    library.preferences.accept(ENTRY);
    await library.get(ENTRY);
    expect(downloading).toHaveBeenCalledTimes(1);
    expect(persist).toHaveBeenCalledTimes(2);
  });
});
