import { describe, expect, it } from 'vitest';
import { roundHalfEven } from './round-half-even';

describe('roundHalfEven', () => {
  it('takes halves to the even neighbour and all else to the nearest', () => {
    const values = [0.5, 1.5, 2.5, 61.5, 62.5, -0.5, -1.5, 0.49999999999999994, 2.4999, 2.5001, 7, -3];
    expect(values.map((value) => roundHalfEven(value) + 0)).toEqual([0, 2, 2, 62, 62, 0, -2, 0, 2, 3, 7, -3]);
  });
});
