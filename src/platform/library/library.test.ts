/** The library over memory, against a server that behaves like the hub. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHub, type Hub } from '../net/testing/hub-server';
import { entryWithoutCatalog, helperAsModel, type ModelEntry } from '../../core/catalog';
import { BUILT_IN_UPSCALER } from '../../core/catalog/built-in-upscaler';
import { readFixture, virtualSafetensors, type Shapes } from '../../core/checkpoints/testing/layouts';
import { importCheckpoint, type ImportInput } from '../../core/packs';
import { browserPorts } from '../net/download-ports';
import type { Library } from './library';
import { planJob } from './plan-job';
import { createComputer } from './testing/computer';
import { stubImport } from './testing/stub-import';

type FullSize = Record<string, { components: Record<string, Shapes> }>;

const REPO = 'owner/tiny';
let hub: Hub;
beforeAll(async () => {
  hub = await createHub({});
});
afterAll(() => hub.close());

const unet = randomBytes(5000);
const half = randomBytes(2500);
const config = Buffer.from('{"a":1}');
beforeEach(() => {
  hub.files.clear();
  hub.gated.clear();
  hub.fault = () => undefined;
  for (const [path, bytes] of Object.entries({
    'unet/config.json': config,
    'unet/w.safetensors': unet,
    'vae/w.safetensors': unet,
    'vae/w.fp16.safetensors': half,
  }))
    hub.files.set(`${REPO}/${path}`, bytes);
});

const files = ['unet/config.json', 'unet/w.safetensors', 'vae/w.safetensors'];
const ENTRY: ModelEntry = {
  ...entryWithoutCatalog('tiny', 'Tiny', 'sd15', {
    source: { kind: 'hub', repo: REPO, revision: 'main', files },
    downloadBytes: 7507,
  }),
  storedBytes: 7507,
};

const computer = (options: { quotaBytes?: number } = {}) => createComputer(() => hub.url, options);

/** What an address leads to that can be used. */
const found = async (library: Library, address: string) =>
  (await library.lookUp(address)).choices.flatMap(({ entry }) => entry ?? []);

describe('Library', () => {
  it('downloads, verifies and imports a model of the hub, and keeps no chunk of it', async () => {
    const { tab, values, packs, shard } = computer();
    const { library, now } = await tab();
    await library.download(ENTRY);
    expect(await shard('tiny')).toEqual(Buffer.concat([config, unet, half]));
    expect(values.map.size).toBe(0);
    const { models, transfers } = await now();
    expect(models).toMatchObject([{ id: 'tiny', name: 'Tiny', bytes: 7507, plan: 'q8' }]);
    expect(transfers).toEqual([]);
    const [stored] = await packs.list();
    expect(stored?.pack.source.url).toMatch(/^https:\/\/huggingface\.co\/owner\/tiny\/tree\/c0ffee/);
  });

  it('stores a preview decoder for its family under the id by which the engine finds it, and calls it a helper', async () => {
    const { tab, packs } = computer();
    let seen: Partial<ImportInput> = {};
    const { library, now } = await tab(async (input) => {
      seen = input;
      const pack = await stubImport({ ...input, draft: { ...input.draft, commit: () => Promise.resolve() } });
      const helper = { ...pack, components: { taesd_decoder: pack.components.unet } };
      await input.draft.commit(helper);
      return helper;
    });
    const source: ModelEntry['source'] = { kind: 'hub', repo: REPO, revision: 'main', files };
    const about = { name: 'TAESDXL', description: '', licence: { name: '', url: '' }, downloadBytes: 1 };
    await library.download(helperAsModel({ id: 'taesdxl', role: 'preview', family: 'sdxl', ...about, source }));
    expect(seen).toMatchObject({ previewFor: 'sdxl', plan: 'float16' });
    expect((await now()).models).toMatchObject([{ id: 'taesdxl', isHelper: true }]);
    expect((await packs.open('taesdxl')).pack.components).toHaveProperty('taesd_decoder');
  });

  it('stores an upscaler as one, and calls it a helper', async () => {
    const { tab } = computer();
    let seen: Partial<ImportInput> = {};
    const { library, now } = await tab(async (input) => {
      seen = input;
      const pack = await stubImport({ ...input, draft: { ...input.draft, commit: () => Promise.resolve() } });
      const upscaler = { ...pack, components: { rrdb_upscaler: pack.components.unet } };
      await input.draft.commit(upscaler);
      return upscaler;
    });
    const source: ModelEntry['source'] = { kind: 'hub', repo: REPO, revision: 'main', files };
    const { name, downloadBytes, role } = BUILT_IN_UPSCALER;
    const entry = entryWithoutCatalog('larger', name, undefined, { source, downloadBytes });
    await library.download({ ...entry, role, plan: 'float16' });
    expect(seen).toMatchObject({ isUpscaler: true, plan: 'float16' });
    expect(seen).not.toHaveProperty('previewFor');
    expect((await now()).models).toMatchObject([{ id: 'larger', isHelper: true }]);
  });

  it('shows an interrupted download as paused at the next visit, and goes on with the same commit', async () => {
    const { tab, shard } = computer();
    const first = await tab();
    hub.fault = ({ path }) => (path.endsWith('fp16.safetensors') ? { kind: 'drop', afterBytes: 10 } : undefined);
    await expect(first.library.download(ENTRY)).rejects.toMatchObject({ code: 'offline' });
    expect((await first.now()).transfers).toMatchObject([{ id: 'tiny', state: 'failed', error: { code: 'offline' } }]);
    const second = await tab();
    expect(second.snapshots[0]?.transfers).toMatchObject([{ id: 'tiny', state: 'paused', canPause: true }]);
    hub.fault = () => undefined;
    hub.requests.length = 0;
    await second.library.download(ENTRY);
    expect(await shard('tiny')).toEqual(Buffer.concat([config, unet, half]));
    expect(hub.requests.filter((line) => line.startsWith('cdn'))).toHaveLength(1);
  });

  it('pauses and cancels; after a cancel nothing is left', async () => {
    const { tab, values } = computer();
    const { library, now } = await tab();
    hub.fault = () => ({ kind: 'slow', pieces: 50, pauseMs: 20 });
    const done = library.download(ENTRY).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await library.pause('tiny');
    expect(await done).toMatchObject({ code: 'cancelled' });
    expect((await now()).transfers).toMatchObject([{ id: 'tiny', state: 'paused' }]);
    await library.cancel('tiny');
    expect((await now()).transfers).toEqual([]);
    expect(values.map.size).toBe(0);
  });

  it('works on a model in one tab at a time, and says where', async () => {
    const { tab, shard } = computer();
    const [one, two] = [await tab(), await tab()];
    hub.fault = () => ({ kind: 'slow', pieces: 10, pauseMs: 10 });
    const done = one.library.download(ENTRY);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(two.library.download(ENTRY)).rejects.toMatchObject({ code: 'busy' });
    expect((await two.now()).transfers).toMatchObject([{ id: 'tiny', state: 'elsewhere' }]);
    await done;
    expect(await shard('tiny')).toEqual(Buffer.concat([config, unet, half]));
  });

  it('sees that another tab has ended, which says nothing of it', async () => {
    const { tab } = computer();
    const [one, two] = [await tab(), await tab()];
    hub.fault = () => ({ kind: 'slow', pieces: 50, pauseMs: 20 });
    one.library.download(ENTRY).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(two.library.download(ENTRY)).rejects.toMatchObject({ code: 'busy' });
    const seen = () => two.snapshots.at(-1)?.transfers;
    await vi.waitFor(() => expect(seen()).toMatchObject([{ id: 'tiny', state: 'elsewhere' }]));
    await one.library.pause('tiny');
    await vi.waitFor(() => expect(seen()).toMatchObject([{ id: 'tiny', state: 'paused' }]));
  });

  it('refuses before the first byte where there is no room, and names what to delete', async () => {
    const { tab, values } = computer({ quotaBytes: 10_000 });
    const { library } = await tab();
    hub.requests.length = 0;
    await expect(library.download(ENTRY)).rejects.toThrow(/1 MB are needed and 1 MB are free/);
    expect(hub.requests.some((line) => line.startsWith('cdn'))).toBe(false);
    expect(values.map.size).toBe(0);
  });

  it('says why it waits while it looks up the files', async () => {
    const { tab, values } = computer();
    const { library, snapshots } = await tab();
    library.useHub('http://127.0.0.1:1'); // nobody answers there
    await expect(library.download(ENTRY)).rejects.toMatchObject({ code: 'offline' });
    const notes = snapshots.flatMap(({ transfers }) => transfers.flatMap(({ note }) => note ?? []));
    expect(notes[0]).toMatch(/^The connection broke \(.*\)\. Trying again in \d+ s\.$/);
    expect(values.map.size).toBe(0);
  });

  it('explains a gated repository and keeps no job of it', async () => {
    const { tab, values } = computer();
    const { library } = await tab();
    hub.gated.add(REPO);
    await expect(library.download(ENTRY)).rejects.toMatchObject({ code: 'not-allowed' });
    expect(values.map.size).toBe(0);
  });

  it('leaves nothing of a failed import but the verified download', async () => {
    const { tab, packs, packValues } = computer();
    const { library, now } = await tab(async ({ draft }) => {
      await draft.addShard('all-0.bin', new Uint8Array(3));
      await draft.abort();
      throw new Error('boom');
    });
    await expect(library.download(ENTRY)).rejects.toMatchObject({ code: 'internal', message: 'boom' });
    expect(packValues.map.size).toBe(0);
    expect(await packs.list()).toEqual([]);
    expect((await now()).transfers).toMatchObject([{ state: 'failed' }]);
  });

  it('imports picked files, each as a model, and a folder as one', async () => {
    const { tab, shard } = computer();
    const { library, now } = await tab();
    const pick = (path: string, bytes: Buffer) => ({ path, file: new Blob([Uint8Array.from(bytes)]) });
    const ids = await library.importFiles([
      pick('My Model.safetensors', unet),
      pick('notes.txt', config),
      pick('folder/unet/config.json', config),
      pick('folder/unet/w.safetensors', half),
    ]);
    expect(ids).toEqual(['my-model', 'folder']);
    expect(await shard('my-model')).toEqual(unet);
    expect(await shard('folder')).toEqual(Buffer.concat([config, half]));
    expect((await now()).entries.map(({ id, source }) => [id, source.kind])).toEqual([
      ['my-model', 'imported'],
      ['folder', 'imported'],
    ]);
    await library.importFiles([pick('small.safetensors', half)], 'q4');
    expect((await now()).models.map(({ id, plan }) => `${id} ${plan}`).sort()).toEqual([
      'folder q8',
      'my-model q8',
      'small q4',
    ]);
    await library.delete('small');
    await library.delete('folder');
    expect((await now()).models.map(({ id }) => id)).toEqual(['my-model']);
    await expect(library.importFiles([pick('notes.txt', config)])).rejects.toMatchObject({
      code: 'not-a-model',
      message: expect.stringMatching(/^There is no model in notes\.txt\. Choose/) as string,
    });
  });

  it('keeps the dots of a name, and goes on after a file that cannot be imported', async () => {
    const { tab } = computer();
    const { library, now } = await tab((input) => (input.name === 'bad' ? importCheckpoint(input) : stubImport(input)));
    const pick = (path: string) => ({ path, file: new Blob([Uint8Array.from(unet)]) });
    const picked = ['anything v4.5.safetensors', 'bad.safetensors', 'last.safetensors'].map(pick);
    expect(await library.importFiles(picked)).toEqual(['anything-v4.5', 'last']);
    const { models, entries, transfers } = await now();
    expect(models.map(({ name }) => name)).toEqual(['anything v4.5', 'last']);
    expect(entries.map(({ name }) => name)).toEqual(['anything v4.5', 'last']);
    expect(transfers).toMatchObject([{ id: 'bad', state: 'failed' }]);
  });

  it.each(['vae', 'unet'])('refuses a mere %s with one sentence, and keeps nothing of it', async (part) => {
    const { tab, values, packValues } = computer();
    const shapes = readFixture<FullSize>('full-size.json.gz')['sd15']?.components[part] ?? {};
    const source = virtualSafetensors('part.safetensors', shapes);
    const { library, now } = await tab((input) => importCheckpoint({ ...input, sources: [source] }));
    const file = new Blob();
    await expect(library.importFiles([{ path: 'part.safetensors', file }])).rejects.toThrow(
      /^part\.safetensors: this is only the [^;]+, which cannot paint without its [^;]+; import the whole model: [^;.]+$/,
    );
    const { models, entries, transfers } = await now();
    expect([models, entries, values.map.size, packValues.map.size]).toEqual([[], [], 0, 0]);
    expect(transfers).toMatchObject([{ id: 'part', state: 'failed', error: { code: 'missing-file' } }]);
    await library.cancel('part');
    expect((await now()).transfers).toEqual([]);
  });

  it('exports a pack as a tar that the library, and tar itself, read back', async () => {
    const { tab, shard } = computer();
    const { library } = await tab();
    await library.download(ENTRY);
    const tar = await library.export('tiny');
    expect(tar.size % 512).toBe(0);
    const other = computer();
    const { library: elsewhere, now } = await other.tab();
    expect(await elsewhere.importFiles([{ path: 'Tiny copy.tar', file: tar }])).toEqual(['tiny-copy']);
    expect(await other.shard('tiny-copy')).toEqual(await shard('tiny'));
    expect((await now()).models).toMatchObject([{ id: 'tiny-copy', plan: 'q8' }]);
    const bytes = new Uint8Array(await tar.arrayBuffer());
    bytes[bytes.length - 1024 - 600] ^= 1; // within the shard
    await expect(elsewhere.importFiles([{ path: 'bad.tar', file: new Blob([bytes]) }])).rejects.toMatchObject({
      code: 'bad-file',
    });
    await expect(elsewhere.importFiles([{ path: 'cut.tar', file: tar.slice(0, 3000) }])).rejects.toThrow(/incomplete/);
    expect((await now()).models).toHaveLength(1);
  });

  it('gets a hosted pack by its address, shard by shard, and a catalogue', async () => {
    const { tab, packs } = computer();
    const { library } = await tab();
    await library.download(ENTRY);
    const { pack, shards } = await packs.blobs('tiny');
    hub.files.set('site/packs/tiny/pack.json', Buffer.from(JSON.stringify(pack)));
    for (const { file, blob } of shards)
      hub.files.set(`site/packs/tiny/${file}`, Buffer.from(await blob.arrayBuffer()));
    const other = computer();
    const { library: elsewhere, now } = await other.tab();
    for (const address of ['site/packs/tiny/pack.json', 'site/packs/tiny/', 'site/packs/tiny'])
      expect(await elsewhere.lookUp(`${hub.cdnUrl}/${address}`), address).toMatchObject({
        choices: [{ name: 'Tiny', byteLength: 7507, entry: { id: 'tiny' } }],
      });
    const [entry] = await found(elsewhere, `${hub.cdnUrl}/site/packs/tiny/pack.json`);
    expect((await now()).entries).toEqual([]);
    await elsewhere.add([entry as ModelEntry]);
    expect((await now()).entries).toMatchObject([{ id: 'tiny' }]);
    expect((await now()).models).toEqual([]);
    await elsewhere.download(entry as ModelEntry);
    expect(await other.shard('tiny')).toEqual(Buffer.concat([config, unet, half]));

    const catalogue = {
      version: 1,
      models: [{ ...ENTRY, id: 'more', licence: { name: 'x', url: 'y', commercialUse: 'allowed' } }],
    };
    hub.files.set('site/models.json', Buffer.from(JSON.stringify(catalogue)));
    expect(await found(elsewhere, `${hub.cdnUrl}/site/models.json`)).toMatchObject([{ id: 'more' }]);
    await expect(elsewhere.lookUp(`${hub.cdnUrl}/site/nothing.json`)).rejects.toMatchObject({
      code: 'missing-file',
    });
  });

  it.each([
    ['no name', { name: undefined }],
    ['no source, which every list of models shows', { source: undefined }],
    ['no components', { components: null }],
    ['an empty component', { components: { unet: null } }],
    ['an empty shard', { components: { unet: { config: {}, weights: {}, shards: [null] } } }],
  ])('refuses a hosted pack with %s', async (_what, change) => {
    const { tab, packs } = computer();
    const { library, now } = await tab();
    await library.download(ENTRY);
    const { pack } = await packs.blobs('tiny');
    hub.files.set('site/p/pack.json', Buffer.from(JSON.stringify({ ...pack, ...change })));
    await expect(library.lookUp(`${hub.cdnUrl}/site/p/pack.json`)).rejects.toMatchObject({ code: 'bad-file' });
    expect((await now()).entries).toEqual([]);
  });

  it('plans a checkpoint whose address has a stray percent sign', async () => {
    const source = { kind: 'url', url: 'https://x.org/100%.safetensors' } as const;
    const options = { ports: browserPorts, signal: new AbortController().signal };
    expect((await planJob({ ...ENTRY, source }, options)).files).toEqual([
      { name: '100%.safetensors', url: source.url },
    ]);
  });

  it('reads what is stored when that changes, and not at each step of a download', async () => {
    const { tab, packs } = computer();
    const { library, snapshots, now } = await tab();
    const [list, before] = [packs.list, snapshots.length];
    let lists = 0;
    packs.list = () => list().finally(() => (lists += 1));
    hub.fault = () => ({ kind: 'slow', pieces: 10, pauseMs: 10 });
    await library.download(ENTRY);
    expect((await now()).models).toMatchObject([{ id: 'tiny' }]);
    expect(snapshots.length - before).toBeGreaterThan(5);
    expect(lists).toBeLessThan(5); // for its room, at its begin, at its end
  });

  it('tells of changes', async () => {
    const { tab } = computer();
    const { library, snapshots } = await tab();
    hub.fault = () => ({ kind: 'slow', pieces: 4, pauseMs: 5 });
    await library.download(ENTRY);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const states = new Set(snapshots.flatMap(({ transfers }) => transfers.map(({ state }) => state)));
    expect([...states]).toContain('downloading');
    expect(snapshots.at(-1)?.models).toHaveLength(1);
  });
});
