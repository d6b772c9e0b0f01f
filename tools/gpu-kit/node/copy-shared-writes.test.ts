import { afterEach, describe, expect, it, vi } from 'vitest';
import { copySharedWrites } from './copy-shared-writes';

afterEach(() => vi.unstubAllGlobals());

/** A queue that keeps what it is given to write. */
function stubQueue() {
  const written: { offset: number; data: Uint8Array }[] = [];
  class Queue {
    writeBuffer(_buffer: unknown, offset: number, data: Uint8Array): void {
      written.push({ offset, data });
    }
  }
  vi.stubGlobal('GPUQueue', Queue);
  copySharedWrites();
  return { queue: new Queue() as unknown as GPUQueue, written };
}

const buffer = {} as GPUBuffer;

describe('copySharedWrites', () => {
  it('hands on a copy that lies in no shared memory', () => {
    const { queue, written } = stubQueue();
    const shared = new Uint8Array(new SharedArrayBuffer(8)).fill(7);
    queue.writeBuffer(buffer, 4, shared as unknown as Uint8Array<ArrayBuffer>);
    shared.fill(1);
    expect(written).toEqual([{ offset: 4, data: new Uint8Array(8).fill(7) }]);
    expect(written[0].data.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it.each<[string, ArrayBuffer | Float32Array<ArrayBuffer> | DataView<ArrayBuffer>, number[]]>([
    [
      'elements of a typed array',
      Float32Array.of(1, 2, 3, 4).subarray(1),
      [...new Uint8Array(Float32Array.of(3, 4).buffer)],
    ],
    ['bytes of a buffer', Uint8Array.of(9, 8, 7, 6).buffer, [8, 7]],
    ['bytes of a data view', new DataView(Uint8Array.of(9, 8, 7, 6).buffer, 1), [7, 6]],
  ])('counts offset and size in %s', (_what, data, expected) => {
    const { queue, written } = stubQueue();
    queue.writeBuffer(buffer, 0, data, 1, 2);
    expect([...written[0].data]).toEqual(expected);
  });
});
