import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutTile, planTiles, TILE_OVERLAP, TiledPicture } from './tiles';

const size = fc.record({ width: fc.integer({ min: 8, max: 150 }), height: fc.integer({ min: 8, max: 150 }) });
const side = fc.integer({ min: TILE_OVERLAP + 8, max: 96 });

describe('planTiles', () => {
  it('is one where the whole fits', () => {
    expect(planTiles({ width: 64, height: 48 }, 64)).toEqual([{ x: 0, y: 0, width: 64, height: 48 }]);
  });

  it('is the fewest that overlap enough, evenly spread', () => {
    expect(planTiles({ width: 192, height: 64 }, 96).map(({ x }) => x)).toEqual([0, 48, 96]);
    expect(planTiles({ width: 112, height: 112 }, 64)).toHaveLength(4);
    expect(planTiles({ width: 113, height: 64 }, 64)).toHaveLength(3);
  });

  it('covers every size with tiles of one size, neighbours sharing enough', () => {
    fc.assert(
      fc.property(size, side, (whole, most) => {
        const tiles = planTiles(whole, most);
        const xs = [...new Set(tiles.map(({ x }) => x))];
        const { width } = tiles[0];
        expect(width).toBeLessThanOrEqual(most);
        expect(xs[0]).toBe(0);
        expect((xs.at(-1) ?? 0) + width).toBe(whole.width);
        xs.slice(1).forEach((x, i) => expect(xs[i] + width - x).toBeGreaterThanOrEqual(TILE_OVERLAP));
      }),
    );
  });

  it('refuses tiles that are all overlap', () => {
    expect(() => planTiles({ width: 64, height: 64 }, TILE_OVERLAP)).toThrow(/all overlap/);
  });
});

describe('TiledPicture', () => {
  it('gives back a picture that was cut into tiles', () => {
    fc.assert(
      fc.property(size, side, (whole, most) => {
        const planes = Float32Array.from({ length: 2 * whole.width * whole.height }, (_, i) => Math.sin(i));
        const picture = new TiledPicture(whole, { factor: 1, planes: 2 });
        for (const tile of planTiles(whole, most)) picture.add(tile, cutTile(planes, whole, tile));
        const values = picture.values();
        expect(Math.max(...values.map((value, i) => Math.abs(value - planes[i])))).toBeLessThan(1e-6);
      }),
      { numRuns: 30 },
    );
  });

  it('does not look at what lies next to a cut, and fades evenly', () => {
    const whole = { width: 48, height: 4 };
    const picture = new TiledPicture(whole, { factor: 2, planes: 1 });
    planTiles(whole, 32).forEach((tile, i) => picture.add(tile, new Float32Array(64 * 8).fill(i)));
    const row = picture.values().subarray(0, 96); // the first tile ends at 64, the second begins at 32
    expect([...row.subarray(0, 40)]).toEqual(Array<number>(40).fill(0));
    expect([...row.subarray(56)]).toEqual(Array<number>(40).fill(1));
    const fading = row.subarray(40, 56);
    fading.forEach((value, i) => expect(value).toBeCloseTo((i + 0.5) / 16, 6));
  });
});
