import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Pixels } from '../../../engine/api';
import { memoryAssetStore, plainPicture } from '../../testing/asset-store';
import { memoryGalleryStore } from '../../testing/gallery-store';
import type { FinishedPicture } from '../gallery/gallery-store';
import { Gallery } from '../gallery/gallery.svelte';
import { readIncomingFile } from '../arriving/read-incoming';
import type { BackupSources, OnMissing } from './backup';
import { readZip } from './read-zip';

// Those of jsdom cannot be read; in their place before what writes archives sees them.
const readable = await import('node:buffer');
vi.stubGlobal('Blob', readable.Blob);
vi.stubGlobal('File', readable.File);
const { makeZip } = await import('client-zip');
const { backupEntries, backupName } = await import('./backup');
const { importPictures } = await import('./import-pictures');
const { formNaming, openBackup, restoreAssets, restorePictures } = await import('./restore');
type RestoreTarget = import('./restore').RestoreTarget;

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const zipOf = (files: Record<string, string>, level: 0 | 6 = 6): Blob => {
  const parts = Object.entries(files).map(([name, content]) => [name, new TextEncoder().encode(content)] as const);
  return new Blob([zipSync(Object.fromEntries(parts), { level }) as Uint8Array<ArrayBuffer>]);
};

beforeEach(() => {
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  URL.createObjectURL = () => 'blob:test';
  URL.revokeObjectURL = () => undefined;
});

const finished = (seed: number, isFavourite = false): FinishedPicture => ({
  facts: {
    madeAt: seed * 1000,
    modelName: 'Starter',
    request: { prompt: `picture ${seed}`, negativePrompt: '', seed },
    recipe: { prompt: `picture ${seed}`, negativePrompt: '' },
    ...{ width: 64, height: 64, device: {}, timings: {}, notices: [] },
    ...(isFavourite && { isFavourite }),
  } as unknown as FinishedPicture['facts'],
  file: new Blob([`file ${seed}`]),
  thumbnail: new Blob([`small ${seed}`]),
});

async function galleryOf(...pictures: FinishedPicture[]) {
  const store = memoryGalleryStore(pictures);
  const gallery = new Gallery(store);
  await gallery.load();
  return { gallery, store };
}

function sourcesOf(gallery: Gallery, rest: Partial<BackupSources> = {}): BackupSources {
  return {
    pictures: gallery.pictures,
    file: (id) => gallery.file(id),
    thumbnail: (id) => gallery.thumbnail(id),
    asset: () => Promise.resolve(undefined),
    settings: { prompt: 'a fox', steps: 7 },
    form: {},
    recent: [{ prompt: 'a fox', negativePrompt: '' }],
    styles: new Blob(['name,prompt,negative_prompt\n']),
    onProgress: () => undefined,
    ...rest,
  };
}

/** Takes back what is in it, into a gallery. */
async function restoreInto(gallery: Gallery, zip: Blob, rest: Partial<RestoreTarget> = {}) {
  const opened = await openBackup(zip);
  const target = {
    get pictures() {
      return gallery.pictures;
    },
    adopt: (pictures: readonly FinishedPicture[]) => gallery.adopt(pictures),
    putAsset: () => Promise.reject(new Error('none is asked for')),
    onProgress: () => undefined,
    ...rest,
  };
  return { ...opened, ...(await restorePictures(opened, target)) };
}

const backup = async (sources: BackupSources, onMissing: OnMissing = () => undefined): Promise<Blob> =>
  new Blob([await new Response(makeZip(backupEntries(sources, onMissing))).arrayBuffer()]);

describe('readZip', () => {
  it.each([0, 6] as const)('reads what another program has packed, at level %i', async (level) => {
    const entries = await readZip(zipOf({ 'a.txt': 'one', 'b/ü.txt': 'two '.repeat(500) }, level));
    expect(entries.map(({ name }) => name)).toEqual(['a.txt', 'b/ü.txt']);
    expect(text((await entries[1]?.read()) ?? new Uint8Array())).toBe('two '.repeat(500));
  });

  it('says where a file is none, or is damaged', async () => {
    await expect(readZip(new Blob(['no archive at all, but long enough to be one']))).rejects.toThrow('no ZIP file');
    const whole = zipOf({ 'a.txt': 'one '.repeat(500) });
    const bytes = new Uint8Array(await whole.arrayBuffer());
    bytes.fill(0xff, 36, 50);
    const [entry] = await readZip(new Blob([bytes]));
    await expect(entry?.read()).rejects.toThrow('a.txt: it is damaged');
    await expect(readZip(whole.slice(0, 100))).rejects.toThrow('its end is missing');
  });
});

describe('readZip, of our own backups', () => {
  it('sees a single byte that has changed', async () => {
    const { gallery } = await galleryOf(finished(1), finished(2));
    const zip = new Uint8Array(await (await backup(sourcesOf(gallery))).arrayBuffer());
    const at = Buffer.from(zip).indexOf('file 2');
    zip[at] ^= 1;
    const entries = await readZip(new Blob([zip]));
    const [bad, good] = entries.filter(({ name }) => name.startsWith('pictures/'));
    await expect(bad?.read()).rejects.toThrow('it is damaged');
    expect(text((await good?.read()) ?? new Uint8Array())).toBe('file 1');
  });

  it('reads nothing into memory that is larger than any picture', async () => {
    const zip = new Uint8Array(await zipOf({ 'a.txt': 'one' }).arrayBuffer());
    const at = Buffer.from(zip).indexOf('PK\x01\x02');
    new DataView(zip.buffer).setUint32(at + 24, 2 ** 30, true);
    const [entry] = await readZip(new Blob([zip]));
    await expect(entry?.read()).rejects.toThrow('a.txt: it is larger than any picture.');
  });
});

describe('a backup', () => {
  it('brings everything back into an empty gallery: facts, files, places, settings, styles', async () => {
    const { gallery } = await galleryOf(finished(1), finished(2, true), finished(3));
    const before = gallery.pictures.map(({ madeAt, request, isFavourite }) => ({ madeAt, request, isFavourite }));
    const zip = await backup(sourcesOf(gallery));
    const { gallery: empty, store } = await galleryOf();
    const restored = await restoreInto(empty, zip);
    expect(empty.pictures.map(({ madeAt, request, isFavourite }) => ({ madeAt, request, isFavourite }))).toEqual(
      before,
    );
    expect(await (await empty.file(empty.pictures[0]?.id ?? 0))?.text()).toBe('file 3');
    expect(await (await empty.thumbnail(empty.pictures[2]?.id ?? 0))?.text()).toBe('small 1');
    expect(store.kept.size).toBe(3);
    expect(restored).toMatchObject({ known: 0, left: 0, settings: { steps: 7 } });
    expect(restored.recent).toHaveLength(1);
    expect(restored.styles).toContain('negative_prompt');
  });

  it('leaves what is here as it is, and stands beside it in the order of time', async () => {
    const { gallery } = await galleryOf(finished(1), finished(3));
    const zip = await backup(sourcesOf(gallery));
    const { gallery: other } = await galleryOf(finished(2), finished(3, true));
    const { known } = await restoreInto(other, zip);
    expect(known).toBe(1);
    expect(other.pictures.map(({ request }) => request.seed)).toEqual([3, 2, 1]);
    expect(other.pictures[0]?.isFavourite).toBe(true);
  });

  it('leaves out what cannot be read, and counts it', async () => {
    const { gallery, store } = await galleryOf(finished(1), finished(2));
    store.kept.delete(1);
    let missing = 0;
    const zip = await backup(sourcesOf(gallery), () => void (missing += 1));
    expect(missing).toBe(1);
    expect((await readZip(zip)).filter(({ name }) => name.startsWith('pictures/'))).toHaveLength(1);
  });

  it('leaves out what the disk does not give, and goes on', async () => {
    const { gallery } = await galleryOf(finished(1), finished(2), finished(3));
    const file = (id: number) => {
      const broken = { arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) };
      if (id === 3) return Promise.reject(new Error('no answer'));
      return id === 2 ? Promise.resolve(broken as unknown as Blob) : gallery.file(id);
    };
    const left: string[] = [];
    const zip = await backup(sourcesOf(gallery, { file }), (what) => left.push(what));
    expect(left).toEqual(['picture', 'picture']);
    const { gallery: empty } = await galleryOf();
    await restoreInto(empty, zip);
    expect(empty.pictures.map(({ request }) => request.seed)).toEqual([1]);
  });

  it('has what pictures and the form start from, masks and what units see: each once, to the bit', async () => {
    const assets = memoryAssetStore();
    const put = (level: number) => assets.put(plainPicture(level));
    const [start, mask, seen, ofForm] = [await put(1), await put(2), await put(3), await put(4)];
    const one = finished(1);
    const naming = { initImage: start, initMask: mask, control: [{ model: 'x', image: seen }] };
    const facts = { ...one.facts, request: { ...one.facts.request, ...naming } } as typeof one.facts;
    const { gallery } = await galleryOf({ ...one, facts }, { ...finished(2), facts: { ...facts, madeAt: 9 } });
    const form = { initImage: ofForm, control: [{ image: 'f'.repeat(64) }] };
    const left: string[] = [];
    const zip = await backup(sourcesOf(gallery, { asset: (hash) => assets.get(hash), form, settings: form }), (what) =>
      left.push(what),
    );
    expect(left).toEqual(['asset']);
    expect((await readZip(zip)).filter(({ name }) => name.startsWith('assets/'))).toHaveLength(4);

    const { gallery: empty } = await galleryOf();
    const others = memoryAssetStore();
    const putAsset = async (pixels: Pixels) => {
      expect(empty.pictures).toHaveLength(0);
      return others.put(pixels);
    };
    const restored = await restoreInto(empty, zip, { putAsset });
    expect([...others.kept.keys()].toSorted()).toEqual([start, mask, seen].toSorted());
    await restoreAssets(restored, formNaming(restored), { putAsset: others.put });
    expect(await others.get(ofForm)).toEqual(plainPicture(4));
  });

  it('counts a picture as damaged whose facts are no facts', async () => {
    const { gallery } = await galleryOf(finished(1));
    const [sound] = gallery.pictures;
    const wrong = [{ request: null }, { madeAt: 'x' }, { width: null }, { timings: 3 }, { modelName: undefined }];
    const list = [null, 7, { file: 'a' }, { facts: null, file: 'a' }].concat(
      wrong.map((change) => ({ facts: { ...sound, ...change }, file: 'a' }) as never),
    );
    const content = { gesso: 'backup', version: 1, pictures: list, settings: 7, recent: [{ prompt: 3 }] };
    const { gallery: empty } = await galleryOf();
    const zip = zipOf({ 'gesso-backup.json': JSON.stringify(content), a: 'file' });
    expect(await restoreInto(empty, zip)).toMatchObject({ left: 9, known: 0, settings: {}, recent: [] });
    expect(empty.pictures).toHaveLength(0);
  });

  it('sees what has come meanwhile', async () => {
    const { gallery } = await galleryOf(...Array.from({ length: 25 }, (_, i) => finished(i + 1)));
    const zip = await backup(sourcesOf(gallery));
    const { gallery: other } = await galleryOf();
    let isFirst = true;
    const { known } = await restoreInto(other, zip, {
      async adopt(pictures) {
        await other.adopt(isFirst ? [...pictures, finished(25)] : pictures);
        isFirst = false;
      },
    });
    expect([known, other.pictures.length]).toEqual([1, 25]);
  });

  it('is refused where it is something else', async () => {
    await expect(openBackup(zipOf({ 'a.txt': 'x' }))).rejects.toThrow('no backup of Gesso');
    await expect(openBackup(zipOf({ 'gesso-backup.json': '{"pictures":3}' }))).rejects.toThrow('no backup');
    await expect(openBackup(zipOf({ 'gesso-backup.json': 'null' }))).rejects.toThrow('no backup');
  });

  it('has the day in its name', () => expect(backupName(new Date(2026, 0, 5))).toBe('gesso-backup-2026-01-05.zip'));
});

describe('importPictures', () => {
  const fixture = (name: string): File => {
    const bytes = readFileSync(join('src/core/image/metadata/fixtures', name));
    return new File([bytes], name, { type: 'image/png', lastModified: 5000 });
  };
  const pixelsOf = () => Promise.resolve({ width: 640, height: 512, data: new Uint8ClampedArray(4) });

  const targetOf = (gallery: Gallery) => ({
    models: [],
    get pictures() {
      return gallery.pictures;
    },
    file: (id: number) => gallery.file(id),
    adopt: (pictures: readonly FinishedPicture[]) => gallery.adopt(pictures),
    onProgress: () => undefined,
    pixelsOf,
    thumbnailOf: () => Promise.resolve(new Blob(['small'])),
  });

  it('keeps what was said and nothing else, and the name of a model that is not here', async () => {
    const { gallery } = await galleryOf();
    const found = fixture('wide.png');
    await importPictures([found], targetOf(gallery));
    const { recipe } = (await readIncomingFile(found)).found ?? {};
    const [picture] = gallery.pictures;
    expect(picture?.recipe).toEqual(recipe);
    expect(recipe?.model).toBeTruthy();
    expect(picture?.request.model).toBe(recipe?.model);
  });

  it('takes the same file once, whatever it is called and whenever it was written', async () => {
    const { gallery } = await galleryOf();
    const again = new File([fixture('wide.png')], 'again.png', { type: 'image/png', lastModified: 9000 });
    const files = [fixture('wide.png'), fixture('novelai.png'), again];
    expect(await importPictures(files, targetOf(gallery))).toEqual({ count: 2, known: 1, left: [] });
    expect(await importPictures(files, targetOf(gallery))).toEqual({ count: 0, known: 3, left: [] });
    expect(gallery.pictures).toHaveLength(2);
  });

  it('takes in pictures with their recipes, by when they were made, and names what holds none', async () => {
    const { gallery } = await galleryOf(finished(1), finished(9));
    const files = [fixture('wide.png'), fixture('novelai.png'), new File(['words'], 'note.txt')];
    const { count, left } = await importPictures(files, targetOf(gallery));
    expect(count).toBe(2);
    expect(left).toHaveLength(1);
    expect(left[0]).toContain('note.txt');
    const [, taken] = gallery.pictures;
    expect(taken).toMatchObject({ madeAt: 5000, isImported: true, width: 640, height: 512 });
    const cat = gallery.pictures.find(({ request }) => request.prompt === 'a cat');
    expect(cat?.request).toMatchObject({ sampler: 'euler_ancestral', steps: 28, cfgScale: 11, negativePrompt: 'bad' });
    expect(await gallery.file(cat?.id ?? 0)).toBe(files[1]);
  });
});
