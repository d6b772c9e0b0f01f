import { describe, expect, it, vi } from 'vitest';
import type { GenerationRequest } from '../../../core/recipe/request';
import { afterPicture } from '../line/after-picture';
import { Autosave, type Folder } from './autosave.svelte';
import type { WordStore } from '../words/words.svelte';

function fakeFolder(permission: PermissionState = 'granted') {
  const files = new Map<string, string>();
  const state = { permission };
  const folder: Folder = {
    name: 'Pictures',
    queryPermission: () => Promise.resolve(state.permission),
    requestPermission: () => Promise.resolve((state.permission = 'granted')),
    getFileHandle(name, { create = false } = {}) {
      if (!create && !files.has(name))
        return Promise.reject(Object.assign(new Error('none'), { name: 'NotFoundError' }));
      let text = '';
      return Promise.resolve({
        createWritable: () =>
          Promise.resolve({
            write: (data: Blob) => Promise.resolve(void (text = `${data.size} bytes`)),
            close: () => Promise.resolve(void files.set(name, text)),
          }),
      });
    },
  };
  return { folder, files, state };
}
function memory(kept = new Map<string, unknown>()): WordStore {
  return {
    get: <T>(key: string) => Promise.resolve(kept.get(key) as T | undefined),
    change: (puts) => Promise.resolve(puts.forEach(([key, value]) => kept.set(key, value))),
  };
}
const picture = { request: { seed: 7, prompt: 'a red apple' } as GenerationRequest };
const png = new Blob(['abc']);

describe('Autosave', () => {
  it('saves each picture under a name of its own, also at the next visit', async () => {
    const { folder, files } = fakeFolder();
    const store = memory();
    const first = new Autosave(store, { showDirectoryPicker: () => Promise.resolve(folder) });
    expect([first.canChoose, await first.save(picture, png), files.size]).toEqual([true, undefined, 0]);
    await first.choose();
    await first.save(picture, png);
    const second = await new Autosave(store, {}).load();
    expect([second.canChoose, second.folderName]).toEqual([false, 'Pictures']);
    await second.save(picture, png);
    expect([...files]).toEqual([
      ['gesso-7-a-red-apple.png', '3 bytes'],
      ['gesso-7-a-red-apple-2.png', '3 bytes'],
    ]);
    await second.stop();
    expect((await new Autosave(store, {}).load()).folderName).toBeUndefined();
  });

  it('finds the folder where it was kept once, among the words, moves it, and looks there no more', async () => {
    const { folder } = fakeFolder();
    const kept = new Map<string, unknown>();
    const words = new Map<string, unknown>(Object.entries({ folder, lists: {} }));
    let looks = 0;
    const old = (store = memory(words)) => {
      looks += 1;
      return Promise.resolve(store);
    };
    vi.spyOn(console, 'info').mockImplementationOnce(() => undefined);
    const broken = { ...memory(words), get: () => Promise.reject(new Error('mute')) };
    expect((await new Autosave(memory(kept), {}).load(() => old(broken))).folderName).toBeUndefined();
    expect(kept.size, 'looked for again at the next visit').toBe(0);
    expect((await new Autosave(memory(kept), {}).load(old)).folderName).toBe('Pictures');
    expect([kept.get('folder'), words.get('folder'), words.get('lists')]).toEqual([folder, undefined, {}]);
    const next = await new Autosave(memory(kept), {}).load(old);
    expect([next.folderName, looks]).toEqual(['Pictures', 2]);
    await next.stop();
    words.set('folder', folder);
    expect((await new Autosave(memory(kept), {}).load(old)).folderName).toBeUndefined();
  });

  it('says that the browser asks again, and goes on once it is allowed', async () => {
    const { folder, files } = fakeFolder('prompt');
    const autosave = await new Autosave(memory(new Map([['folder', folder]])), {}).load();
    expect([await autosave.save(picture, png), files.size]).toEqual([undefined, 0]);
    expect(autosave.trouble).toMatch(/asks again/);
    await autosave.allow();
    // what waited for it, and then what comes
    expect([...files.keys()]).toEqual(['gesso-7-a-red-apple.png']);
    expect([autosave.trouble, await autosave.save(picture, png)]).toEqual([undefined, 'gesso-7-a-red-apple-2.png']);
  });

  it('leaves all as it is where nobody chooses, and says what goes wrong', async () => {
    const nobody = new Autosave(memory(), {
      showDirectoryPicker: () => Promise.reject(new DOMException('', 'AbortError')),
    });
    await nobody.choose();
    expect([nobody.folderName, nobody.trouble]).toEqual([undefined, undefined]);
    const { folder } = fakeFolder();
    folder.getFileHandle = () => Promise.reject(new Error('The disk is full.'));
    const full = await new Autosave(memory(new Map([['folder', folder]])), {}).load();
    expect([await full.save(picture, png), full.trouble]).toEqual([undefined, 'The disk is full.']);
  });
});

it('copies each finished picture into the folder, and says once why it could not', async () => {
  const { folder, files } = fakeFolder();
  const studio = {
    said: undefined as string | undefined,
    drawing: { openStore: () => Promise.resolve(memory(new Map([['folder', folder]]))) },
    gallery: { pictures: [{ id: -1, ...picture }], currentId: (id: number) => id, file: () => Promise.resolve(png) },
  } as unknown as Parameters<typeof afterPicture>[0];
  await afterPicture(studio, -1);
  expect([...files.keys()]).toEqual(['gesso-7-a-red-apple.png']);
  folder.getFileHandle = () => Promise.reject(new Error('The disk is full.'));
  await afterPicture(studio, -1);
  expect(studio.said).toBe('The disk is full.');
  studio.said = undefined;
  await afterPicture(studio, -1);
  expect(studio.said).toBeUndefined();
});
