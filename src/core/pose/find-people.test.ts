/** Boxes of people against transformers' processor for YOLOS: tools/fixtures/make_people_detector.py. */
import { describe, expect, it } from 'vitest';
import { raster } from '../image/raster';
import { choosePeople, lookForPeople, peopleOf, peopleSize, type FoundPerson, type PersonBox } from './find-people';
import fixture from './fixtures/found-people.json' with { type: 'json' };

describe.each(fixture.seen)('a picture of $width x $height', ({ width, height, shown, picture, probe, seen }) => {
  it('is looked at as large as by transformers', () => {
    const size = peopleSize({ width, height });
    expect([size.width, size.height]).toEqual(shown);
  });

  it.runIf(picture.length > 0)('is seen as transformers shows it', () => {
    const { planes, size } = lookForPeople({ ...raster({ width, height }, 3), data: Uint8ClampedArray.from(picture) });
    const values = probe.map(([c, y, x]) => planes[(c * size.height + y) * size.width + x]);
    const apart = values.map((value, i) => Math.abs(value - seen[i]));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1); // Pillow may go down before it goes across, from version 11 on
    expect(apart.filter((by) => by > 0).length).toBeLessThan(probe.length / 20);
  });
});

it('looks at no picture of no height, however narrow it is', () =>
  expect(peopleSize({ width: 4000, height: 3 })).toEqual({ width: 1328, height: 16 }));

describe.each(fixture.found)('what is said of $width x $height pixels', ({ width, height, people, ...said }) => {
  it('is of the people whom transformers finds', () => {
    const table = (values: number[], wide: number) => ({
      ...{ width: wide, height: values.length / wide },
      values: Float32Array.from(values),
    });
    const found = peopleOf([table(said.kinds, 92), table(said.boxes, 4)], { width, height });
    const wanted = people.toSorted((a, b) => b.score - a.score);
    expect(found.length).toBe(wanted.length);
    expect(wanted.length).toBeGreaterThan(2);
    found.forEach(({ box, score }, i) => {
      expect(score).toBeCloseTo(wanted[i].score, 5);
      const corners = [box.x, box.y, box.x + box.width, box.y + box.height];
      corners.forEach((at, k) => expect(Math.abs(at - wanted[i].corners[k])).toBeLessThan(1e-3));
    });
  });
});

describe('choosePeople', () => {
  const person = (x: number, width: number, height = 2 * width, y = 0): FoundPerson => ({
    box: { x, y, width, height },
    score: 0.9,
  });
  const boxes = (...found: FoundPerson[]): PersonBox[] => choosePeople(found, 8).boxes;

  it('goes from the left to the right, by their middles', () => {
    const [a, b, c] = [person(200, 10), person(0, 100), person(60, 10)];
    expect(boxes(a, b, c)).toEqual([b, c, a].map(({ box }) => box));
  });

  it('takes what covers nearly the same for one person, where the surest is', () => {
    const [surest, again] = [person(10, 100), person(12, 104)];
    expect(boxes(surest, again)).toEqual([surest.box]);
    expect(boxes(again, surest)).toEqual([again.box]);
  });

  it('keeps a child in front of a grown-up', () => {
    const [grown, child] = [person(0, 100), person(30, 40, 80, 110)];
    expect(boxes(grown, child).length).toBe(2);
  });

  it('takes the largest of too many, and says how many more there are', () => {
    const all = [30, 10, 20, 40].map((size, i) => person(100 * i, size));
    expect(choosePeople(all, 2)).toEqual({ boxes: [all[0].box, all[3].box], more: 2 });
    expect(choosePeople(all, 4).more).toBe(0);
    expect(choosePeople([], 4)).toEqual({ boxes: [], more: 0 });
  });
});
