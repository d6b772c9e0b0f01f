/** Edges of ComfyUI's Canny against kornia's (tools/fixtures/image_comfy_canny.py). */
import { describe, expect, it } from 'vitest';
import { drawEdges } from './edges';
import fixture from './fixtures/canny.json';

const { width, height, cases } = fixture;

/** As the script draws it; planar. */
function picture(): Float32Array {
  const planes = new Float32Array(3 * width * height);
  let state = 2463534242;
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const disc = (x - 20) ** 2 + (y - 22) ** 2 < 190 ? 150 : 0;
    const along = x + Math.floor(y / 3);
    const bar = along >= 38 && along < 52 ? 90 : 0;
    for (let c = 0; c < 3; c++) {
      state = (state ^ (state << 13)) >>> 0;
      state = (state ^ (state >>> 17)) >>> 0;
      state = (state ^ (state << 5)) >>> 0;
      const level = 10 + disc + Math.floor((bar * (c + 1)) / 3) + Math.floor(((x * (c + 2)) % 40) / 4) + (state % 12);
      planes[c * width * height + i] = Math.min(255, level) / 255;
    }
  }
  return planes;
}

const bits = (row: string): string => BigInt(`0x${row}`).toString(2).padStart(width, '0');

describe('drawEdges', () => {
  it.each(cases)('is kornia’s from $low to $high', ({ rows, ...thresholds }) => {
    const edges = drawEdges(picture(), { width, height }, thresholds);
    const drawn = Array.from({ length: height }, (_, y) => edges.slice(y * width, (y + 1) * width).join(''));
    expect(drawn).toEqual(rows.map(bits));
    expect(edges.slice(width * height, 2 * width * height)).toEqual(edges.slice(0, width * height));
  });

  it('finds none where all is one level, in pictures of one pixel, too', () => {
    const flat = (side: number) => drawEdges(new Float32Array(3 * side * side).fill(0.5), { width: side, height: side }, { low: 0.1, high: 0.2 }); // prettier-ignore
    for (const side of [1, 2, 9]) expect(flat(side).every((level) => level === 0)).toBe(true);
  });
});
