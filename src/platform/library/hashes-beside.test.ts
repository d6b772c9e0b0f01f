import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerHashes, createHashesBeside, type HashAnswer, type HashRequest } from './hashes-beside';

/** A worker in this process: its pieces come as a copy, and go from here as a transfer has them go. */
class NearWorker {
  onmessage: ((event: { data: HashAnswer }) => void) | undefined;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | undefined;
  onmessageerror: (() => void) | undefined;
  isAlive = true;
  readonly #take = answerHashes((data) => void queueMicrotask(() => this.isAlive && this.onmessage?.({ data })));
  postMessage(request: HashRequest, transfer: ArrayBuffer[]): void {
    this.#take(structuredClone(request, { transfer }));
  }
  terminate(): void {
    this.isAlive = false;
  }
}

function begin() {
  const worker = new NearWorker();
  const { create, ofShard } = createHashesBeside(() => worker as unknown as Worker);
  return { worker, hash: create(), ofShard };
}

const reference = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

afterEach(() => void vi.unstubAllGlobals());

describe('createHashesBeside', () => {
  it('gives the hash of what came in pieces, views of a larger buffer among them', async () => {
    const bytes = new Uint8Array(randomBytes(5000));
    const { hash, worker } = begin();
    await hash.update(bytes.slice(0, 1000));
    await hash.update(bytes.subarray(1000, 1003));
    await hash.update(bytes.slice(1003));
    expect(await hash.hex()).toBe(reference(bytes));
    expect(bytes).toHaveLength(5000); // a view is copied, so that its neighbours stay
    hash.dispose();
    expect(worker.isAlive).toBe(false);
  });

  it('hashes shards, with WebCrypto and without', async () => {
    const bytes = new Uint8Array(randomBytes(777));
    expect(await begin().ofShard(bytes)).toBe(reference(bytes));
    vi.stubGlobal('crypto', {});
    expect(await begin().ofShard(bytes)).toBe(reference(bytes));
  });

  it('says where its worker did not start, and asks it nothing more', async () => {
    const { hash, worker } = begin();
    worker.postMessage = () => undefined;
    const asked = hash.update(new Uint8Array(3));
    worker.onerror?.({ message: '', preventDefault: () => undefined });
    await expect(asked).rejects.toThrow(/its worker did not start/);
    await expect(hash.hex()).rejects.toThrow(/its worker did not start/);
  });

  it('says where an answer of its worker cannot be read', async () => {
    const { hash, worker } = begin();
    worker.postMessage = () => undefined;
    const asked = hash.hex();
    worker.onmessageerror?.();
    await expect(
      Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 20, 'nothing heard'))]),
    ).rejects.toThrow(/could not be read/);
  });

  it('ends what is asked when it is disposed of', async () => {
    const { hash, worker } = begin();
    worker.postMessage = () => undefined;
    const asked = hash.hex();
    hash.dispose();
    await expect(asked).rejects.toThrow(/not wanted any more/);
  });
});
