/** Downloads against a real server that behaves like the hub and misbehaves on command. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHub, type Fault, type Hub } from './testing/hub-server';
import type { RemoteFile } from '../../core/catalog';
import { AppError } from '../../core/errors';
import { memoryValues } from '../storage/testing/memory';
import { downloadFile, type FileProgress } from './download-file';
import { browserPorts, cancelled, type DownloadPorts } from './download-ports';
import { findHubFiles, resolveRevision } from './hub';
import { createPartStore } from './part-store';

const REPO = 'owner/tiny';
const CHUNK = 1000;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Waits of the back-off take no time; those of the watchdog are real and never over. */
const ports: DownloadPorts = {
  ...browserPorts,
  random: () => 0.5,
  online: () => Promise.resolve(),
  sleep: (ms, signal) => {
    if (signal.aborted) return Promise.reject(cancelled());
    return ms >= 30_000 ? browserPorts.sleep(ms, signal) : new Promise((resolve) => setTimeout(resolve));
  },
};

/** A small, seeded generator: the schedules are the same each time. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function randomBytes(length: number, random: () => number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

let hub: Hub;
let bytes: Buffer;
beforeAll(async () => {
  hub = await createHub({});
});
beforeEach(() => {
  bytes = randomBytes(9 * CHUNK + 123, mulberry(1));
  hub.files.set(`${REPO}/model.safetensors`, bytes);
  hub.fault = () => undefined;
  hub.requests.length = 0;
});
afterAll(() => hub.close());

const file = (more: Partial<RemoteFile> = {}): RemoteFile => ({
  name: 'model.safetensors',
  url: `${hub.url}/${REPO}/resolve/main/model.safetensors`,
  byteLength: bytes.length,
  sha256: sha256(bytes),
  ...more,
});

interface Run {
  values?: ReturnType<typeof memoryValues>;
  signal?: AbortSignal;
  progress?: Partial<FileProgress>;
  connections?: number;
}

async function run(of: RemoteFile, { values = memoryValues(), signal, progress, connections = 3 }: Run = {}) {
  const options = { ports, signal: signal ?? new AbortController().signal, chunkBytes: CHUNK, connections };
  const blob = await downloadFile(of, createPartStore(values, 'x'), { ...options, ...(progress && { progress }) });
  return Buffer.from(await blob.arrayBuffer());
}

const once = (fault: Fault, at = 2) =>
  (hub.fault = (() => {
    let n = 0;
    return () => (++n === at ? fault : undefined);
  })());

describe('downloadFile', () => {
  it('fetches chunks in parallel and gives the file, digest checked', async () => {
    expect((await run(file())).equals(bytes)).toBe(true);
    expect(hub.requests.filter((line) => line.startsWith('cdn'))).toHaveLength(10);
  });

  it.each<[string, Fault]>([
    ['a dropped connection', { kind: 'drop', afterBytes: 321 }],
    ['a connection dropped before the first byte', { kind: 'drop', afterBytes: 0 }],
    ['500', { kind: 'status', status: 500 }],
    ['503 with Retry-After', { kind: 'status', status: 503, retryAfter: 2 }],
    ['429', { kind: 'status', status: 429 }],
    ['wrong bytes', { kind: 'wrong-bytes' }],
    ['fewer bytes than asked for', { kind: 'short', bytes: 100 }],
    ['a whole file where a range was asked for', { kind: 'ignore-range' }],
    ['another ETag over the same bytes', { kind: 'etag', etag: '"other"' }],
    ['a slow line', { kind: 'slow', pieces: 5, pauseMs: 2 }],
  ])('gets over %s', async (_what, fault) => {
    once(fault);
    expect((await run(file())).equals(bytes)).toBe(true);
  });

  it('fetches only what is missing after it was stopped', async () => {
    const values = memoryValues();
    const stop = new AbortController();
    const progress = { bytes: (present: number) => void (present >= 4 * CHUNK && stop.abort()) };
    await expect(run(file(), { values, signal: stop.signal, progress })).rejects.toMatchObject({ code: 'cancelled' });
    const stored = [...values.map.keys()].filter((key) => key.startsWith('part:')).length;
    expect(stored).toBeGreaterThanOrEqual(1);
    hub.requests.length = 0;
    expect((await run(file(), { values })).equals(bytes)).toBe(true);
    expect(hub.requests.filter((line) => line.startsWith('cdn'))).toHaveLength(10 - stored);
  });

  it('starts anew when the chunks that are here are of another file', async () => {
    const values = memoryValues();
    await run(file(), { values });
    bytes = randomBytes(9 * CHUNK + 123, mulberry(2));
    hub.files.set(`${REPO}/model.safetensors`, bytes);
    expect((await run(file(), { values })).equals(bytes)).toBe(true);
  });

  it('notices by the ETag that a file without a digest changed on the way', async () => {
    const later = randomBytes(bytes.length, mulberry(3));
    let count = 0;
    hub.fault = () => void (++count === 5 && hub.files.set(`${REPO}/model.safetensors`, later));
    const { name, url } = file();
    expect((await run({ name, url })).equals(later)).toBe(true);
  });

  it('gives up in one sentence where the bytes are always wrong, and keeps nothing of them', async () => {
    hub.fault = ({ from }) => (from === 0 ? { kind: 'wrong-bytes' } : undefined);
    const values = memoryValues();
    await expect(run(file(), { values })).rejects.toThrow(/model\.safetensors: its SHA-256 is .* fetched 3 times/);
    expect(values.map.size).toBe(0);
  });

  it('gives up when nothing ever comes, and keeps what is here', async () => {
    const values = memoryValues();
    hub.fault = ({ from }) => (from >= 5 * CHUNK ? { kind: 'drop', afterBytes: 0 } : undefined);
    await expect(run(file(), { values })).rejects.toMatchObject({ code: 'offline' });
    expect([...values.map.keys()].filter((key) => key.startsWith('part:'))).toHaveLength(5);
  });

  it('works with a server that has no ranges at all', async () => {
    hub.fault = () => ({ kind: 'ignore-range' });
    const { name, url } = file();
    expect((await run({ name, url })).equals(bytes)).toBe(true);
  });

  it('ends with quota where the disk is full, and goes on from there with more room', async () => {
    const values = memoryValues(4 * CHUNK);
    await expect(run(file(), { values })).rejects.toMatchObject({ code: 'quota' });
    values.limit = Infinity;
    expect((await run(file(), { values })).equals(bytes)).toBe(true);
  });

  it('asks for a chunk again that the browser has cleared', async () => {
    const values = memoryValues();
    await run(file(), { values });
    values.map.delete('part:x:3');
    hub.requests.length = 0;
    expect((await run(file(), { values })).equals(bytes)).toBe(true);
    expect(hub.requests.filter((line) => line.startsWith('cdn'))).toEqual([
      'cdn GET owner/tiny/model.safetensors bytes=3000-3999',
    ]);
  });

  it('tells present bytes that never fall and end at the size', async () => {
    const seen: number[] = [];
    await run(file(), { progress: { bytes: (present) => void seen.push(present) }, connections: 1 });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(bytes.length);
  });

  it('explains a gated repository and a missing file', async () => {
    hub.gated.add(REPO);
    await expect(run(file())).rejects.toThrow(/answered 401.*agree/);
    hub.gated.clear();
    await expect(run(file({ url: `${hub.url}/${REPO}/resolve/main/nothing` }))).rejects.toMatchObject({
      code: 'missing-file',
    });
  });
});

describe('200 random schedules of interruptions', () => {
  const FAULTS: ((random: () => number) => Fault)[] = [
    (random) => ({ kind: 'drop', afterBytes: Math.floor(random() * CHUNK) }),
    () => ({ kind: 'status', status: 500 }),
    () => ({ kind: 'status', status: 429, retryAfter: 1 }),
    () => ({ kind: 'wrong-bytes' }),
    (random) => ({ kind: 'short', bytes: Math.floor(random() * CHUNK) }),
    (random) => ({ kind: 'etag', etag: `"${Math.floor(random() * 3)}"` }),
    () => ({ kind: 'ignore-range' }),
    () => ({ kind: 'slow', pieces: 3, pauseMs: 1 }),
  ];

  it.each(Array.from({ length: 20 }, (_, i) => i))(
    'batch %i: complete and right, or a clear message',
    async (batch) => {
      const outcomes = { complete: 0, refused: 0 };
      for (let seed = batch * 10; seed < batch * 10 + 10; seed++) {
        const random = mulberry(seed + 1000);
        bytes = randomBytes(Math.ceil(random() * 6 * CHUNK), random);
        hub.files.set(`${REPO}/model.safetensors`, bytes);
        const rate = random() * 0.7;
        hub.fault = () => (random() < rate ? FAULTS[Math.floor(random() * FAULTS.length)]?.(random) : undefined);
        // every third has no digest, as from an address that is not the hub's
        const { name, url } = file();
        const of = seed % 3 === 0 ? { name, url } : file();
        const values = memoryValues();
        const found = await interrupted(of, values, random);
        if (found instanceof AppError) outcomes.refused += 1;
        else {
          outcomes.complete += 1;
          // without a digest nobody can tell wrong bytes from right ones: the length is what holds
          if (of.sha256) expect(sha256(found), `seed ${seed}`).toBe(of.sha256);
          else expect(found.length, `seed ${seed}`).toBe(bytes.length);
        }
      }
      expect(outcomes.complete).toBeGreaterThan(0);
    },
  );

  /** The tab is closed now and then; the person comes back at most eight times. */
  async function interrupted(of: RemoteFile, values: ReturnType<typeof memoryValues>, random: () => number) {
    let error: unknown;
    for (let visit = 0; visit < 8; visit++) {
      const stop = new AbortController();
      const patience = random() < 0.4 ? Math.floor(random() * 40) : Infinity;
      let events = 0;
      const progress = { bytes: () => void (++events > patience && stop.abort()) };
      try {
        return await run(of, { values, signal: stop.signal, progress, connections: 1 + Math.floor(random() * 4) });
      } catch (thrown) {
        error = thrown;
        expect(thrown).toBeInstanceOf(AppError);
        expect(['cancelled', 'offline', 'changed-file', 'missing-file']).toContain((thrown as AppError).code);
      }
    }
    return error as AppError;
  }
});

describe('the hub', () => {
  const options = () => ({ ports, signal: new AbortController().signal, hub: hub.url });

  it('resolves a branch to a commit, and lists files with their digests', async () => {
    hub.files.set(`${REPO}/unet/config.json`, Buffer.from('{}'));
    const revision = await resolveRevision({ repo: REPO, revision: 'main' }, options());
    expect(revision).toMatch(/^c0ffee0+$/);
    expect(await findHubFiles({ repo: REPO, revision }, ['unet/config.json', 'model.safetensors'], options())).toEqual([
      { name: 'unet/config.json', url: `${hub.url}/${REPO}/resolve/${revision}/unet/config.json`, byteLength: 2 },
      file({ url: `${hub.url}/${REPO}/resolve/${revision}/model.safetensors` }),
    ]);
  });

  it('says that a repository is gated', async () => {
    hub.gated.add(REPO);
    await expect(resolveRevision({ repo: REPO, revision: 'main' }, options())).rejects.toMatchObject({
      code: 'not-allowed',
    });
    hub.gated.clear();
  });
});
