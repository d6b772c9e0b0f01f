/** What is pasted covers nothing that is there. */
import { describe, expect, it } from 'vitest';
import { around, freePlace, type Rectangle } from './free-place';

const at = (x: number, y: number, width = 200, height = 100): Rectangle => ({ x, y, width, height });

describe('freePlace', () => {
  it('is where it is wanted in an empty graph, and beside what is there', () => {
    expect(freePlace([], at(0, 0), { x: 5, y: 6 })).toEqual({ x: 5, y: 6 });
    expect(freePlace([at(0, 0)], at(0, 0), { x: 400, y: 0 })).toEqual({ x: 400, y: 0 });
    expect(freePlace([at(0, 0)], at(0, 0), { x: 20, y: 10 })).toEqual({ x: 20, y: 140 });
    expect(freePlace([at(0, 0)], at(0, 0, 300, 900), { x: 180, y: 0 })).toEqual({ x: 240, y: 0 });
  });

  it('covers nothing, however crowded the graph is, and is no farther than its right', () => {
    const taken = Array.from({ length: 60 }, (_, i) => at((i * 137) % 1500, (i * 311) % 1100));
    for (const wanted of [
      { x: 0, y: 0 },
      { x: 700, y: 500 },
      { x: -50, y: 1000 },
    ]) {
      const place = freePlace(taken, at(0, 0, 900, 700), wanted);
      for (const one of taken) {
        const isApart =
          place.x >= one.x + one.width ||
          place.x + 900 <= one.x ||
          place.y >= one.y + one.height ||
          place.y + 700 <= one.y;
        expect(isApart).toBe(true);
      }
    }
  });
});

describe('around', () => {
  it('holds all', () => {
    expect(around([at(0, 10), at(-50, 300, 20, 20)])).toEqual(at(-50, 10, 250, 310));
    expect(around([])).toBeUndefined();
  });
});
