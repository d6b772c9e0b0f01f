import { describe, expect, it } from 'vitest';
import { joinFloats } from './join-floats';

describe('joinFloats', () => {
  it('puts them one after the other, and copies nothing where there is but one', () => {
    const first = Float32Array.of(1, 2);
    expect(joinFloats([first, Float32Array.of(), Float32Array.of(3)])).toEqual(Float32Array.of(1, 2, 3));
    expect(joinFloats([first])).toBe(first);
    expect(joinFloats([])).toHaveLength(0);
  });
});
