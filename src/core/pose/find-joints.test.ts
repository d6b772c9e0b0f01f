/** Joints of heat maps against transformers' processor for ViTPose: tools/fixtures/make_pose_detector.py. */
import { describe, expect, it } from 'vitest';
import { raster } from '../image/raster';
import { jointsOf, lookForJoints, personOf, wholeOf, type FoundJoint } from './find-joints';
import fixture from './fixtures/found-joints.json' with { type: 'json' };
import { JOINTS } from './skeleton';

const { cases, boxed } = fixture;
const WHOLE = cases.map((one) => ({ ...one, box: wholeOf(one), name: 'who fills it' }));
const { people, ...ofBoth } = boxed;
const BOXED = people.map(({ box: [x, y, width, height], ...one }) => ({
  ...{ ...ofBoth, ...one, box: { x, y, width, height } },
  name: `who is at ${x}, ${y}`,
}));

describe.each([...WHOLE, ...BOXED])('$name, of a picture of $width x $height', ({ width, height, box, ...one }) => {
  it('is seen as transformers shows it', () => {
    const { picture, probe, seen } = one;
    const shown = lookForJoints({ ...raster({ width, height }, 3), data: Uint8ClampedArray.from(picture) }, box);
    expect(shown.size).toEqual({ width: 192, height: 256 });
    const values = probe.map(([c, y, x]) => shown.planes[(c * 256 + y) * 192 + x]);
    const apart = values.map((value, i) => Math.abs(value - seen[i]));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
    expect(apart.filter((by) => by > 0).length).toBeLessThan(probe.length / 100);
    expect(seen.filter((value) => value > 0).length).toBeGreaterThan(50);
  });

  it('has its joints where transformers finds them', () => {
    const count = 12 * 16;
    const maps = Array.from({ length: 17 }, (_, i) => {
      const values = Float32Array.from(one.maps.slice(i * count, (i + 1) * count));
      return { width: 12, height: 16, values };
    });
    const found = jointsOf(maps, box);
    expect(found.length).toBe(17);
    found.forEach(({ x, y, score }, i) => {
      expect(score).toBeCloseTo(one.scores[i], 4);
      if (one.scores[i] <= 0) return; // transformers counts on from a place outside
      expect(Math.abs(x - one.joints[i][0]), `joint ${i}`).toBeLessThan(2e-3);
      expect(Math.abs(y - one.joints[i][1]), `joint ${i}`).toBeLessThan(2e-3);
    });
  });
});

describe('personOf', () => {
  const size = { width: 100, height: 200 };
  const all = Array.from({ length: 17 }, (_, i): FoundJoint => ({ x: i, y: 10 * i, score: 0.9 }));
  const but = (...unsure: number[]) => all.map((one, i) => (unsure.includes(i) ? { ...one, score: 0.2 } : one));

  it('puts COCO’s joints in order, with a neck between the shoulders', () => {
    const person = personOf(all, size) ?? expect.fail('nobody');
    expect(person.length).toBe(JOINTS.length);
    expect(person.map(({ x }) => x)).toEqual([0, 5.5, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3]);
    expect(person.every(({ isHidden }) => isHidden === undefined)).toBe(true);
  });

  it('hides what is not sure, and the neck with a shoulder', () => {
    const person = personOf(but(5, 16), size) ?? expect.fail('nobody');
    const hidden = person.flatMap(({ isHidden }, i) => (isHidden ? [JOINTS[i]] : []));
    expect(hidden).toEqual(['Neck', 'Left shoulder', 'Right ankle']);
  });

  it('keeps what is hidden within the picture', () => {
    const far = all.map((one) => ({ ...one, x: one.x - 500, score: one.y === 0 ? 0.9 : 0.1 }));
    const person = personOf(far, size) ?? expect.fail('nobody');
    expect(person[0]).toEqual({ x: -500, y: 0 });
    expect(person.slice(2).every(({ x }) => x === 0)).toBe(true);
  });

  it('is nobody where nothing is sure', () => expect(personOf(but(...all.keys()), size)).toBeUndefined());
});
