/** Planes: what is split comes back, wherever numbers lie. */
import { expect, it } from 'vitest';
import { isSplit, joinPlanes, splitPlanes } from './planes';

const HEAD = (places: number) => 4 * (2 + 3 * places);

it('lays first bytes before second ones, numbers of a size together, and the rest at the end', () => {
  const bytes = Uint8Array.of(90, 1, 2, 3, 4, 91, 5, 6, 92);
  const split = splitPlanes(bytes, [
    { offset: 1, length: 4, size: 2 },
    { offset: 6, length: 2, size: 2 },
  ]);
  expect([...split.subarray(HEAD(2))]).toEqual([1, 3, 5, 2, 4, 6, 90, 91, 92]);
  expect(joinPlanes(split)).toEqual(bytes);
});

it('gives back what was split, in whatever order its places are told', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7919) % 251);
  const places = [
    { offset: 400, length: 96, size: 4 },
    { offset: 0, length: 30, size: 2 },
    { offset: 30, length: 64, size: 4 },
    { offset: 990, length: 10, size: 2 },
  ];
  expect(joinPlanes(splitPlanes(bytes, places))).toEqual(bytes);
  expect(joinPlanes(splitPlanes(bytes, []))).toEqual(bytes);
});

it('tells what is split from what is not', () => {
  const bytes = new Uint8Array(100);
  const split = splitPlanes(bytes, [{ offset: 0, length: 100, size: 2 }]);
  const among = new Uint8Array(split.length + 1);
  among.set(split, 1);
  expect([split, among.subarray(1), bytes, split.subarray(0, 3), new Uint8Array()].map(isSplit)).toEqual([
    ...[true, true, false, false, false],
  ]);
});

it('refuses what is cut off', () => {
  const split = splitPlanes(new Uint8Array(100), [{ offset: 0, length: 100, size: 2 }]);
  expect(() => joinPlanes(split.subarray(0, 7))).toThrow(RangeError);
  expect(() => joinPlanes(split.subarray(0, 60))).toThrow(RangeError);
});
