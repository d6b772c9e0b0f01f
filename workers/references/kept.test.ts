/** What the version before has kept, through today's readers: without a page (e2e/old-visit.spec.ts opens one over it). */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parseInfotext, writeInfotext, recipeOf } from '../../src/core/recipe/infotext';
import { bytesSyncSource, type SyncByteSource } from '../../src/core/formats';
import { assertPack, type OpenPack } from '../../src/core/packs';
import { requestProblems } from '../../src/core/recipe/problems';
import { KEPT_LINE, nextRequest, readStoredJobs } from '../../src/app/state/line/job';
import type { Kept } from '../../src/core/recipe/kept';
import { readPicture, type Picture } from '../../src/app/state/pictures/picture';
import { extrasOf, infotextOf } from '../../src/app/state/pictures/picture-recipe';
import { openPackSource } from '../../src/engine/models/pack-source';
import { createJobs } from '../../src/platform/library/jobs';
import { createGalleryStore } from '../../src/platform/storage/gallery-store';
import { createKeyValue } from '../../src/platform/storage/key-value';
import { createPackStore } from '../../src/platform/storage/pack-store';
import { memoryLocks } from '../../src/platform/storage/testing/memory';
import { createNodePorts, createNodeRuntime } from '../testing/node-ports';
import { restoreVisit } from './testing/visit';
import { readVisit } from './testing/visit-file';

beforeAll(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('IDBKeyRange', IDBKeyRange);
  await restoreVisit(readVisit());
});

const gallery = createGalleryStore<Kept>();

describe('what the version before has kept', () => {
  it('pictures: with their recipe, their file and their mark', async () => {
    const pictures: Picture[] = [];
    await gallery.list((page) => pictures.push(...page.map(readPicture)));
    expect(pictures.map(({ id }) => id)).toEqual([2, 1]);
    const [, apple] = pictures;
    expect(apple).toMatchObject({ isFavourite: true, modelName: 'Gesso starter', width: 128, height: 128 });
    expect(requestProblems(apple.request)).toEqual({});
    expect(apple.request).toMatchObject({ seed: '18446744073709551615', sampler: 'dpmpp_2m_sde', cfgRescale: 0.5 });
    expect(extrasOf(apple)).toEqual({ 'Weird key': 'kept as it is' });
    const { recipe } = parseInfotext(infotextOf(apple));
    const { unknown, version } = recipe;
    expect(unknown).toEqual({ 'Weird key': 'kept as it is' });
    expect(writeInfotext({ ...recipeOf(apple.request), unknown }, { version })).toBe(infotextOf(apple));
    const file = new Uint8Array((await (await gallery.file(1))?.arrayBuffer()) ?? new ArrayBuffer());
    expect(Buffer.from(file).includes('Weird key: kept as it is')).toBe(true);
    expect((await gallery.thumbnail(2))?.size).toBeGreaterThan(1000);
  });

  it('the line: a grid half made, and a batch behind it', async () => {
    const kept = KEPT_LINE.raise((await gallery.readState('gesso-queue')) as Kept);
    const stored = readStoredJobs(kept['jobs']);
    expect(stored.map(({ count, done }) => [count, done])).toEqual([
      [6, 1],
      [3, 0],
    ]);
    expect(stored.map(({ extras }) => extras)).toEqual(Array(2).fill({ 'Weird key': 'kept as it is' }));
    const [grid, batch] = stored.map(nextRequest);
    expect([grid.prompt, grid.seed]).toEqual(['a cat', 6]);
    expect([batch.prompt, batch.seed, batch.variationSeed]).toEqual(['a rocket', 9, 5]);
    const last = nextRequest({ ...stored[0], done: 5 });
    expect([last.prompt, last.seed]).toEqual(['a dog', 7]);
  });

  it('the library: entries, an unfinished download, a model that opens', async () => {
    const jobs = createJobs(createKeyValue('gesso-downloads'));
    expect((await jobs.entries()).map(({ id, family, plan }) => [id, family, plan])).toEqual([
      ['narrow-model', 'sd15', 'q8'],
      ['paused-model', 'sd15', 'q8'],
    ]);
    const [job] = await jobs.list();
    expect([job.entry.id, job.files.length, job.revision]).toEqual(['paused-model', 7, 'c0ffee'.padEnd(40, '0')]);
    const packs = createPackStore({ locks: memoryLocks() });
    const [{ pack }] = await packs.list();
    assertPack(pack);
    const { shards } = await packs.blobs('narrow-model');
    const files = new Map<string, SyncByteSource>();
    for (const { file, blob } of shards)
      files.set(file, bytesSyncSource(file, new Uint8Array(await blob.arrayBuffer())));
    const open: OpenPack = { pack, shard: async (file) => files.get(file) ?? Promise.reject(new Error(file)) };
    const runtime = createNodeRuntime();
    const source = await openPackSource({ open, runtime, ports: createNodePorts(), baseUrl: '' });
    const { session } = await source.open('unet', {});
    await session.dispose();
    expect([source.plan, source.has('text_encoder_2'), source.traits.latentFactor]).toEqual(['q8', false, 2]);
  });
});
