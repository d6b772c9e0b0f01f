/**
 * One file, in chunks over parallel ranged requests; what has been stored survives anything. Its digest is computed from
 * what is stored, not from what came.
 *
 * If-Range is not sent: it is no CORS-safelisted header, so each request would cost a preflight, which many CDNs refuse.
 * Where there is a digest it is the judge, and ETags are not compared: mirrors and CDN nodes may differ in them over the same
 * bytes. Where there is none, a change of the ETag or of the size starts the file anew.
 */
import type { RemoteFile } from '../../core/catalog';
import { AppError } from '../../core/errors';
import { Sha256 } from '../../core/math';
import { BackOff, Interrupted } from './back-off';
import { cancelled, type DownloadPorts } from './download-ports';
import type { PartPlan, PartStore } from './part-store';
import { contentRange, request } from './request';

/** Large enough to make requests rare, small enough that losing one is nothing. */
export const CHUNK_BYTES = 16 * 1024 * 1024;
/** More gain nothing at the hub's CDN, and four chunks are all that is ever in memory. */
const CONNECTIONS = 4;
/** Versions of a file met in one download before it is given up. */
const MAX_STARTS = 3;

export interface FileProgress {
  /** Bytes that are here, stored or in memory. */
  bytes(present: number, total: number): void;
  /** Told how many bytes are digested so far. */
  verified(bytes: number, total: number): void;
  /** Nothing comes; trying again in `ms`. */
  waiting(reason: string, ms: number): void;
}

export interface DownloadOptions {
  ports: DownloadPorts;
  signal: AbortSignal;
  progress?: Partial<FileProgress>;
  chunkBytes?: number;
  connections?: number;
}

/** The server has another file than the one whose chunks are here. */
class Changed extends Error {}
/** The server sends whole files only. */
class RangeIgnored extends Error {}

/**
 * @returns the complete file, its bytes as stored; of the file's digest where it has one
 * @throws AppError 'changed-file', 'offline', 'not-allowed', 'missing-file', 'quota', 'cancelled'; stored chunks are kept
 *   except after 'changed-file'
 */
export async function downloadFile(file: RemoteFile, parts: PartStore, options: DownloadOptions): Promise<Blob> {
  let lastProblem = '';
  for (let start = 0; start < MAX_STARTS; start++) {
    try {
      return await new FileDownload(file, parts, options).run();
    } catch (error) {
      if (!(error instanceof Changed)) throw error;
      lastProblem = error.message;
      await parts.clear();
    }
  }
  throw new AppError(
    'changed-file',
    `${file.name}: ${lastProblem}. It was fetched ${MAX_STARTS} times; try again later, or use another mirror.`,
  );
}

class FileDownload {
  readonly #file: RemoteFile;
  readonly #parts: PartStore;
  readonly #options: DownloadOptions;
  readonly #backOff: BackOff;
  /** Bytes in memory, by chunk. */
  readonly #underWay = new Map<number, number>();
  #stored = 0;
  /** ETag of a file whose digest nobody gives. */
  #etag: string | undefined;
  #plan: PartPlan = { byteLength: 0, chunkBytes: 1, version: '' };

  constructor(file: RemoteFile, parts: PartStore, options: DownloadOptions) {
    this.#file = file;
    this.#parts = parts;
    this.#options = options;
    this.#backOff = new BackOff(options.ports, options.progress?.waiting);
  }

  async run(): Promise<Blob> {
    const probed = await this.#agreeOnPlan();
    const missing = await this.#missing();
    this.#report();
    if (missing.length > 0) await this.#fetchAll(missing, probed);
    return this.#verified();
  }

  /** The plan of what is stored where it is of this file, else a new one. @returns false where ranges are ignored */
  async #agreeOnPlan(): Promise<boolean> {
    const { sha256, byteLength, url } = this.#file;
    const { chunkBytes = CHUNK_BYTES } = this.#options;
    const before = await this.#parts.plan();
    // What has a known size is of a pinned commit, or has a digest: no need to ask for its version.
    const found =
      byteLength === undefined ? await this.#probe() : { byteLength, version: sha256 ?? url, isWhole: false };
    this.#etag = byteLength === undefined && found.version !== '' ? found.version : undefined;
    const plan = { byteLength: found.byteLength, version: found.version, chunkBytes: before?.chunkBytes ?? chunkBytes };
    const isSame = before?.byteLength === plan.byteLength && before.version === plan.version;
    if (!isSame) await this.#parts.begin(plan);
    this.#plan = plan;
    return !found.isWhole;
  }

  /** Asks for one byte, to learn size and version. */
  #probe(): Promise<{ byteLength: number; version: string; isWhole: boolean }> {
    const { ports, signal } = this.#options;
    const { name, url } = this.#file;
    return this.#backOff.run(name, signal, async () => {
      const { response, close } = await request(ports, { name, url, signal, headers: { Range: 'bytes=0-0' } });
      close();
      const isWhole = response.status === 200;
      const byteLength = isWhole ? numberOf(response.headers.get('content-length')) : contentRange(response)?.total;
      if (byteLength === undefined || byteLength === 0)
        throw new AppError('offline', `${name}: the server does not say how large it is; download it and import it.`);
      return { byteLength, version: response.headers.get('etag') ?? '', isWhole };
    });
  }

  async #missing(): Promise<number[]> {
    const present = await this.#parts.present();
    const count = Math.ceil(this.#plan.byteLength / this.#plan.chunkBytes);
    const missing: number[] = [];
    for (let i = 0; i < count; i++)
      if (present.has(i)) this.#stored += this.#lengthOf(i);
      else missing.push(i);
    return missing;
  }

  async #fetchAll(missing: number[], hasRanges: boolean): Promise<void> {
    if (!hasRanges) return this.#fetchWhole(new Set(missing));
    const stop = new AbortController();
    const { signal, connections = CONNECTIONS } = this.#options;
    const onAbort = (): void => stop.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    const queue = missing.values();
    const work = async (): Promise<void> => {
      for (const index of queue) await this.#fetchChunk(index, stop.signal);
    };
    const workers = Array.from({ length: Math.min(connections, missing.length) }, work);
    try {
      await Promise.all(workers);
    } catch (error) {
      stop.abort(); // the others end too, so that nothing is written after this has failed
      await Promise.allSettled(workers);
      if (signal.aborted) throw cancelled();
      if (!(error instanceof RangeIgnored)) throw error;
      this.#underWay.clear();
      this.#stored = 0;
      await this.#fetchWhole(new Set(await this.#missing()));
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #fetchChunk(index: number, signal: AbortSignal): Promise<void> {
    const { name, url } = this.#file;
    const from = index * this.#plan.chunkBytes;
    const bytes = new Uint8Array(this.#lengthOf(index));
    let filled = 0;
    await this.#backOff.run(name, signal, async () => {
      const before = filled;
      const headers = { Range: `bytes=${from + filled}-${from + bytes.length - 1}` };
      const { response, pieces, close } = await request(this.#options.ports, { name, url, signal, headers });
      try {
        this.#assertSame(response, from + filled);
        for await (const piece of pieces()) {
          if (filled + piece.length > bytes.length) throw new Changed('the server sent more than it was asked for');
          bytes.set(piece, filled);
          filled += piece.length;
          this.#underWay.set(index, filled);
          this.#report();
        }
        if (filled < bytes.length) throw new Interrupted('the server ended before the end');
      } finally {
        if (filled - before >= bytes.length / 16) this.#backOff.progressed();
        close();
      }
    });
    await this.#store(index, bytes);
  }

  /** Fetches the file from the beginning in one go, for servers without ranges; a chunk that is here already is passed over. */
  #fetchWhole(missing: Set<number>): Promise<void> {
    const { name, url } = this.#file;
    const { ports, signal } = this.#options;
    return this.#backOff.run(name, signal, async () => {
      const { response, pieces, close } = await request(ports, { name, url, signal });
      this.#assertSameVersion(response);
      let index = 0;
      let filled = 0;
      let bytes = new Uint8Array(this.#lengthOf(0));
      try {
        for await (const piece of pieces())
          for (let at = 0; at < piece.length;) {
            const take = Math.min(piece.length - at, bytes.length - filled);
            if (take === 0) throw new Changed('the server sent more than it said');
            bytes.set(piece.subarray(at, at + take), filled);
            at += take;
            filled += take;
            if (filled < bytes.length) continue;
            if (missing.delete(index)) await this.#store(index, bytes);
            index += 1;
            filled = 0;
            bytes = new Uint8Array(this.#lengthOf(index));
          }
      } finally {
        close();
      }
      if (missing.size > 0) throw new Interrupted('the server ended before the end');
    });
  }

  async #store(index: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#parts.put(index, bytes);
    this.#underWay.delete(index);
    this.#stored += bytes.length;
    this.#backOff.progressed();
    this.#report();
  }

  /** @throws Changed, RangeIgnored */
  #assertSame(response: Response, from: number): void {
    if (response.status === 200) throw new RangeIgnored('The server ignores ranges.');
    const range = contentRange(response);
    if (range && range.from !== from) throw new Interrupted('the server sent another range');
    const total = range?.total ?? this.#plan.byteLength;
    if (total !== this.#plan.byteLength)
      throw new Changed(`it had ${this.#plan.byteLength} bytes, now the server says ${total}`);
    this.#assertSameVersion(response);
  }

  #assertSameVersion(response: Response): void {
    const etag = response.headers.get('etag');
    if (this.#file.sha256 || this.#etag === undefined || etag === null || etag === this.#etag) return;
    throw new Changed('it changed on the server while it was fetched');
  }

  /** Reads everything back. @throws Changed where it is not what was asked for */
  async #verified(): Promise<Blob> {
    const { sha256 } = this.#file;
    const { byteLength, chunkBytes } = this.#plan;
    const hash = new Sha256();
    const blobs: Blob[] = [];
    for (let index = 0; index * chunkBytes < byteLength; index++) {
      const blob = await this.#parts.get(index);
      if (blob?.size !== this.#lengthOf(index)) {
        await this.#parts.drop(index);
        throw new AppError('missing-file', `${this.#file.name}: the browser has cleared a part of it; try again.`);
      }
      blobs.push(blob);
      if (sha256) hash.update(new Uint8Array(await blob.arrayBuffer()));
      this.#options.progress?.verified?.(Math.min(byteLength, (index + 1) * chunkBytes), byteLength);
      if (this.#options.signal.aborted) throw cancelled();
    }
    const found = sha256 ? hash.hex() : undefined;
    if (found !== sha256)
      throw new Changed(`its SHA-256 is ${found?.slice(0, 12)}… and should be ${sha256?.slice(0, 12)}…`);
    return new Blob(blobs);
  }

  #lengthOf(index: number): number {
    const { byteLength, chunkBytes } = this.#plan;
    return Math.max(0, Math.min(chunkBytes, byteLength - index * chunkBytes));
  }

  #report(): void {
    const inMemory = [...this.#underWay.values()].reduce((sum, bytes) => sum + bytes, 0);
    this.#options.progress?.bytes?.(this.#stored + inMemory, this.#plan.byteLength);
  }
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}
