/** The Mersenne Twister against its published outputs, and the shape of torch's draws. */
import { describe, expect, it } from 'vitest';
import { createMt19937 } from './mt19937';
import { createTorchCpuNoise, torchCpuPart } from './torch-cpu';

describe('createMt19937', () => {
  it('gives the 10 000th output that the C++ standard names for seed 5489', () => {
    const next = createMt19937(5489);
    for (let i = 0; i < 9999; i++) next();
    expect(next()).toBe(4123659995);
  });

  it('starts as the original does for seed 0', () => {
    const next = createMt19937(0);
    expect([next(), next(), next()]).toEqual([2357136044, 2546248239, 3071714933]);
  });
});

describe('createTorchCpuNoise', () => {
  it('uses the low 32 bits of the seed', () => {
    expect(createTorchCpuNoise(2 ** 32 + 42).next(64)).toEqual(createTorchCpuNoise(42).next(64));
  });

  it('draws whole blocks as one stream: two draws of 32 are one of 64', () => {
    const source = createTorchCpuNoise(3);
    expect([...source.next(32), ...source.next(32)]).toEqual([...createTorchCpuNoise(3).next(64)]);
  });

  it('rewrites the last 16 values when the count is no multiple of 16', () => {
    const whole = createTorchCpuNoise(3).next(48);
    const tailed = createTorchCpuNoise(3).next(40);
    expect(tailed.subarray(0, 16)).toEqual(whole.subarray(0, 16));
    expect(tailed.subarray(24)).not.toEqual(whole.subarray(24, 40));
  });
});

describe('torchCpuPart', () => {
  it.each([1, 3, 7, 8, 9, 15, 16, 17, 24, 48])(
    'gives each picture of %i what one draw of the batch gives',
    (length) => {
      for (const count of [1, 2, 5]) {
        const total = length * count;
        const whole = createTorchCpuNoise(7).next(total);
        for (let i = 0; i < count; i++)
          expect(torchCpuPart(7, { start: i * length, length, total })).toEqual(
            whole.slice(i * length, (i + 1) * length),
          );
      }
    },
  );
});
