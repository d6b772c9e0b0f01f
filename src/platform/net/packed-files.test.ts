/** Packed files: kept once they are known to be whole, and unpacked however a host sends them. */
import { gzipSync } from 'node:zlib';
import { compress, init } from '@bokuweb/zstd-wasm';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { crc32 } from '../../core/bytes/crc32';
import { createFetchFiles } from './fetch-files';
import { openPacked, type PackedFile } from './packed-files';

const PLAIN = new TextEncoder().encode('weights '.repeat(1000));
const GZIPPED = new Uint8Array(gzipSync(PLAIN));
const FILE = { file: 'unet-0.bin-12345678.gzip', bytes: GZIPPED.length };
const WANTED = { address: 'http://x.org/app/packed/unet-0.bin-12345678.gzip', name: 'unet-0.bin' };

let kept: Map<string, Response>;
const fetched = vi.fn<(address: string) => Promise<Response>>();
const answers = (body: Uint8Array<ArrayBuffer> | string, init?: ResponseInit) =>
  fetched.mockImplementation(() => Promise.resolve(new Response(body, init)));
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

beforeEach(() => {
  kept = new Map();
  fetched.mockReset();
  vi.stubGlobal('fetch', fetched);
  const cache = {
    match: (address: string) => Promise.resolve(kept.get(address)?.clone()),
    put: (address: string, response: Response) => Promise.resolve(void kept.set(address, response)),
  };
  vi.stubGlobal('caches', { open: () => Promise.resolve(cache) });
});
afterEach(() => void vi.unstubAllGlobals());

describe('openPacked', () => {
  it('unpacks, and fetches only once', async () => {
    answers(GZIPPED);
    for (let i = 0; i < 2; i++) expect(await bytesOf(await openPacked(FILE, WANTED))).toEqual(PLAIN);
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('takes bytes that a host has had the browser unpack, without keeping what it cannot check', async () => {
    answers(PLAIN);
    const told: number[] = [];
    const wanted = { ...WANTED, onProgress: (bytes: number) => told.push(bytes) };
    expect(await bytesOf(await openPacked(FILE, wanted))).toEqual(PLAIN);
    expect(Math.max(...told)).toBe(FILE.bytes);
    expect(kept.size).toBe(0);
  });

  it('names a damaged file, keeps nothing of it, and takes it once it is whole', async () => {
    answers(GZIPPED.subarray(0, 40));
    await expect(openPacked(FILE, WANTED)).rejects.toMatchObject({
      code: 'bad-file',
      message: 'unet-0.bin cannot be unpacked: it is damaged or incomplete.',
    });
    expect(kept.size).toBe(0);
    answers(GZIPPED);
    expect(await bytesOf(await openPacked(FILE, WANTED))).toEqual(PLAIN);
  });

  it('fetches again what was kept and has gone bad', async () => {
    kept.set(WANTED.address, new Response(GZIPPED.subarray(0, 40)));
    answers(GZIPPED);
    expect(await bytesOf(await openPacked(FILE, WANTED))).toEqual(PLAIN);
  });

  it('works where nothing can be kept', async () => {
    vi.stubGlobal('caches', { open: () => Promise.reject(new Error('denied')) });
    answers(GZIPPED);
    expect(await bytesOf(await openPacked(FILE, WANTED))).toEqual(PLAIN);
  });

  it('tells a missing file from a server in trouble', async () => {
    answers('', { status: 404 });
    await expect(openPacked(FILE, WANTED)).rejects.toMatchObject({ code: 'missing-file' });
    answers('', { status: 503 });
    await expect(openPacked(FILE, WANTED)).rejects.toMatchObject({ code: 'offline' });
  });
});

describe('openPacked of a file that Zstandard has packed', () => {
  const plain = new TextEncoder().encode(Array.from({ length: 5000 }, (_, i) => `function ${i % 977}`).join());
  const wanted = { address: 'http://x.org/app/packed/ort.wasm-12345678.zstd', name: 'ort.wasm' };
  let packed: Uint8Array<ArrayBuffer>;
  let file: PackedFile;

  beforeAll(async () => {
    await init();
    packed = new Uint8Array(compress(plain, 19));
    file = { file: 'ort.wasm-12345678.zstd', bytes: packed.length, crc32: crc32(plain) };
  });

  it('unpacks, and fetches only once', async () => {
    answers(packed);
    for (let i = 0; i < 2; i++) expect(await bytesOf(await openPacked(file, wanted))).toEqual(plain);
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('names it wherever a byte is another one, and wherever it ends too early', async () => {
    const damaged = [...packed.keys()]
      .filter((at) => at > 4 && at % 37 === 0)
      .map((at) => packed.with(at, packed[at] ^ 255));
    const short = [5, 40, packed.length - 1].map((end) => packed.slice(0, end));
    for (const bytes of [...damaged, ...short]) {
      answers(bytes);
      const opened = await openPacked(file, wanted).then(bytesOf, (error: unknown) => error);
      // The last bytes may be a sum that nobody reads.
      if (opened instanceof Uint8Array) expect(opened).toEqual(plain);
      else expect(opened).toMatchObject({ code: 'bad-file', message: /^ort\.wasm cannot be unpacked/ });
    }
    expect(damaged.length).toBeGreaterThan(10);
  });
});

describe('createFetchFiles', () => {
  const files = createFetchFiles('http://x.org/app/models/starter/', { 'models/starter/unet-0.bin': FILE });

  it('asks for the packed file where there is one', async () => {
    answers(GZIPPED);
    const source = await files.open('unet-0.bin');
    expect(fetched.mock.lastCall?.[0]).toBe(WANTED.address);
    expect(new Uint8Array(await source.read(0, source.size))).toEqual(PLAIN);
  });

  it('asks for all others as they are', async () => {
    answers('{}');
    await files.open('gesso.json');
    expect(fetched.mock.lastCall?.[0]).toBe('http://x.org/app/models/starter/gesso.json');
  });
});
