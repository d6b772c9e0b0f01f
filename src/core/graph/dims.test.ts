import { describe, expect, it } from 'vitest';
import { ceilDivide, countElements, evaluateDim, floorDivide, plus, times, windows, type Dim } from './dims';

describe('dims', () => {
  it('are numbers where all is known', () => {
    expect([times(3, 4), plus(3, -1), ceilDivide(7, 2), floorDivide(7, 2), times()]).toEqual([12, 2, 4, 3, 1]);
  });

  it('are written in one form', () => {
    expect(times('width', 2, 'height')).toBe('2*height*width');
    expect(times(2, times('height', 4))).toBe('8*height');
    expect(times(0, 'height')).toBe(0);
    expect(plus(plus('tokens', 3), -2)).toBe('(tokens+1)');
    expect(plus(plus('tokens', 3), -3)).toBe('tokens');
    expect(ceilDivide(ceilDivide('height', 2), 2)).toBe('ceil(height/4)');
    expect(floorDivide(times('height', 8), 4)).toBe('2*height');
    expect(floorDivide(ceilDivide('height', 2), 2)).toBe('floor(ceil(height/2)/2)');
    expect(times(ceilDivide('width', 2), ceilDivide('height', 2))).toBe('ceil(height/2)*ceil(width/2)');
    expect(ceilDivide(times('width', 'height'), 16)).toBe('ceil(height*width/16)');
  });

  it('count the windows of a convolution', () => {
    expect(windows('height', { kernel: 3, stride: 1, padding: 2 })).toBe('height');
    expect(windows('height', { kernel: 3, stride: 2, padding: 2 })).toBe('ceil(height/2)');
    expect(windows('height', { kernel: 3, stride: 2, padding: 1 })).toBe('floor(height/2)');
    expect(windows('height', { kernel: 3, stride: 1, padding: 0 })).toBe('(height-2)');
  });

  const WINDOWS = [
    { kernel: 3, stride: 1, padding: 2 },
    { kernel: 3, stride: 2, padding: 2 },
    { kernel: 3, stride: 2, padding: 1 },
    { kernel: 1, stride: 1, padding: 0 },
    { kernel: 5, stride: 3, padding: 1 },
    { kernel: 3, stride: 1, padding: 0 },
  ];

  it.each(WINDOWS)('evaluate to what sliding a window of $kernel by $stride over $padding more counts', (window) => {
    for (let height = 5; height < 40; height++) {
      let count = 0;
      for (let at = 0; at + window.kernel <= height + window.padding; at += window.stride) count++;
      expect(evaluateDim(windows('height', window), { height })).toBe(count);
      expect(windows(height, window)).toBe(count);
    }
  });

  it('evaluate to the arithmetic they stand for', () => {
    const steps: ((dim: Dim) => Dim)[] = [
      (dim) => times(dim, 3),
      (dim) => plus(dim, 5),
      (dim) => ceilDivide(dim, 2),
      (dim) => floorDivide(dim, 3),
      (dim) => times(dim, dim),
      (dim) => plus(dim, -1),
      (dim) => floorDivide(dim, 2),
      (dim) => ceilDivide(dim, 4),
    ];
    for (let width = 1; width < 30; width++)
      for (let order = 0; order < 400; order++) {
        const chosen = [order % 8, Math.floor(order / 8) % 8, Math.floor(order / 64)].map((i) => steps[i]);
        const symbolic = chosen.reduce<Dim>((dim, step) => step(dim), 'width');
        const plain = chosen.reduce<Dim>((dim, step) => step(dim), width);
        expect(evaluateDim(symbolic, { width }), String(symbolic)).toBe(plain);
      }
  });

  it('count elements, and say which name is not bound', () => {
    const dims = ['batch', ceilDivide('height', 2), ceilDivide('width', 2), 640];
    expect(countElements(dims, { batch: 2, height: 105, width: 158 })).toBe(2 * 53 * 79 * 640);
    expect(() => countElements(dims, { batch: 2, height: 105 })).toThrow(/"width" is not known; known: batch, height/);
  });
});
