import { describe, expect, it } from 'vitest';
import { IdleBuffers } from './idle-buffers';

const MB = 2 ** 20;

function idle(...sizes: number[]) {
  const buffers = new IdleBuffers<{ size: number }>();
  for (const size of sizes) buffers.put({ size });
  return buffers;
}

describe('IdleBuffers', () => {
  it('takes the smallest that is large enough', () => {
    const buffers = idle(300, 100, 200);
    expect([150, 150, 150].map((bytes) => buffers.take(bytes)?.size)).toEqual([200, 300, undefined]);
  });

  it('takes none of more than four times the size', () => {
    expect(idle(401).take(100)).toBeUndefined();
    expect(idle(400).take(100)?.size).toBe(400);
  });

  it('takes none for one binding that needs two', () => {
    const buffers = new IdleBuffers<{ size: number }>(128);
    buffers.put({ size: 200 });
    expect(buffers.take(100)).toBeUndefined();
    expect(buffers.take(130)?.size).toBe(200);
  });

  it('takes the one used last of those of one size', () => {
    const buffers = new IdleBuffers<{ size: number; name: string }>();
    for (const name of ['a', 'b', 'c']) buffers.put({ size: 8, name });
    expect(['', '', ''].map(() => buffers.take(8)?.name)).toEqual(['c', 'b', 'a']);
  });

  it('gives back as much as a new buffer takes, the longest unused first', () => {
    const buffers = idle(50 * MB, 40 * MB, 30 * MB);
    buffers.sent();
    expect(buffers.evict(80 * MB).map(({ size }) => size / MB)).toEqual([50, 40]);
    expect(buffers.take(30 * MB)?.size).toBe(30 * MB);
  });

  it('gives none back that a command waits for, and none for a small buffer', () => {
    const buffers = idle(50 * MB);
    expect(buffers.evict(100 * MB)).toEqual([]);
    buffers.sent();
    expect(buffers.evict(63 * MB)).toEqual([]);
    expect(buffers.evict(100 * MB)).toHaveLength(1);
  });

  it('is empty when it was cleared', () => {
    const buffers = idle(1, 2);
    expect(buffers.clear().map(({ size }) => size)).toEqual([1, 2]);
    expect(buffers.take(1)).toBeUndefined();
  });
});
