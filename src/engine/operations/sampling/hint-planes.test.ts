import { describe, expect, it } from 'vitest';
import { hintPlanes } from './hint-planes';

/** Red counts pixels, from the left and from the top. */
const hint = (width: number, height: number) => ({
  width,
  height,
  data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => (i % 4 === 0 ? i / 4 : 255)),
});

describe('hintPlanes', () => {
  it('drops on the right and at the bottom what is no whole cell', () => {
    const { data, dims } = hintPlanes(hint(5, 3), { width: 4, height: 2 }, 2);
    expect(dims).toEqual([1, 3, 2, 4]);
    expect([...data.subarray(0, 8)].map((level) => Math.round(255 * level))).toEqual([0, 1, 2, 3, 5, 6, 7, 8]);
    expect(new Set(data.subarray(8))).toEqual(new Set([1]));
  });

  it.each([
    [6, 2],
    [4, 4],
    [3, 2],
  ])('refuses a hint of another size: %d × %d', (width, height) => {
    const planes = () => hintPlanes(hint(width, height), { width: 4, height: 2 }, 2);
    expect(planes).toThrow(`The hint is ${width} × ${height}, but the picture 4 × 2: a node of the operation`);
  });
});
