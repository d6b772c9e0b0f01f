/** Poses of several people, by networks that are made up: what they are shown, and what becomes of what they say. */
import { describe, expect, it } from 'vitest';
import { madeRaster } from '../image/testing/made-bytes';
import { lookForJoints } from '../pose/find-joints';
import { readPoseText } from '../pose/pose-text';
import { drawHint, type Shown, type ShownImage } from './draw-hint';
import { MOST_FOUND } from './openpose';
import type { DrawnMap } from './preprocessor';

const size = { width: 128, height: 80 };
const picture = madeRaster(size, 3, 4);
const [TOKENS, KINDS, PERSON] = [20, 92, 1];
type Box = [x: number, y: number, width: number, height: number];

/** YOLOS, which is sure of these people, in pixels. */
function finds(boxes: readonly Box[]): DrawnMap[] {
  const kinds = new Float32Array(TOKENS * KINDS);
  const places = new Float32Array(TOKENS * 4);
  boxes.forEach(([x, y, width, height], token) => {
    kinds[token * KINDS + PERSON] = 20;
    const place = [x + width / 2, y + height / 2, width, height].map(
      (at, i) => at / (i % 2 === 0 ? size.width : size.height),
    );
    places.set(place, 4 * token);
  });
  return [
    { width: KINDS, height: TOKENS, values: kinds },
    { width: 4, height: TOKENS, values: places },
  ];
}

/** ViTPose, which finds all joints in the middle of what it is shown. */
const middles = (): DrawnMap[] =>
  Array.from({ length: 17 }, () => {
    const values = new Float32Array(48 * 64);
    for (const at of [0, 1, 48, 49]) values[31 * 48 + 23 + at] = 0.9;
    return { width: 48, height: 64, values };
  });

async function find(boxes: readonly Box[], hasFinder = true) {
  const shown: Shown[] = [];
  const [told, said]: string[][] = [[], []];
  const run = (one: Shown): Promise<DrawnMap[]> => {
    shown.push(one);
    if (one.network === 'yolos') return Promise.resolve(finds(boxes));
    return Promise.resolve([one.image, ...(one.more ?? [])].flatMap(middles));
  };
  const hint = await drawHint('openpose', picture, { resolution: 80 }, run, {
    told: (text) => told.push(text),
    said: (notice) => said.push(notice),
    has: (file) => hasFinder && file === 'YOLOS tiny',
  });
  const pose = readPoseText(told[0]) ?? expect.fail('no pose');
  return { hint, pose, said, shown };
}

const middleOf = ([x, y, width, height]: Box) => ({ x: x + width / 2, y: y + height / 2 });
const planesOf = ([x, y, width, height]: Box) => lookForJoints(picture, { x, y, width, height }).planes;
const people = (pose: { people: readonly (readonly { x: number; y: number }[])[] }) =>
  pose.people.map(([nose]) => nose);

describe('openpose', () => {
  const [left, right]: Box[] = [
    // of which their parts of the sides are exact in float32
    [16, 10, 32, 60],
    [88, 20, 32, 40],
  ];

  it('finds each person where they are, from the left to the right', async () => {
    const { hint, pose, said, shown } = await find([right, left]);
    expect([hint.width, hint.height, pose.width, pose.height]).toEqual([128, 80, 128, 80]);
    expect(shown.map(({ network }) => network)).toEqual(['yolos', 'vitpose']);
    const [first, ...more]: ShownImage[] = [shown[1].image, ...(shown[1].more ?? [])];
    expect(first.data).toEqual(planesOf(left));
    expect(more.map(({ data }) => data)).toEqual([planesOf(right)]);
    people(pose).forEach(({ x, y }, i) => {
      const at = middleOf([left, right][i]);
      expect(Math.hypot(x - at.x, y - at.y)).toBeLessThan(1);
    });
    expect(pose.people.length).toBe(2);
    expect(said).toEqual([]);
  });

  it('shows who finds people the picture as transformers does, without padding', async () => {
    const { shown } = await find([left]);
    expect(shown[0].image.dims).toEqual([1, 3, 512, 816]);
    expect(shown[0].image.data.length).toBe(3 * 512 * 816);
  });

  it('takes the largest of too many, and says so', async () => {
    const all = Array.from({ length: 10 }, (_, i): Box => [12 * i, 5, 12 - (i % 5), 40]);
    const { pose, said } = await find(all);
    expect(pose.people.length).toBe(MOST_FOUND);
    const xs = people(pose).map(({ x }) => x);
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    expect(said).toEqual(['There are 10 people in the picture of the pose: it has the 8 largest.']);
  });

  it('takes the whole picture for one person where nobody is found, and says so', async () => {
    const nobody = await find([]);
    const before = await find([left, right], false);
    expect(before.shown.map(({ network }) => network)).toEqual(['vitpose']);
    expect(nobody.shown[1]).toEqual(before.shown[0]);
    expect(nobody.pose).toEqual(before.pose);
    expect(nobody.hint).toEqual(before.hint);
    expect(nobody.pose.people.length).toBe(1);
    const whole = 'Nobody is found in the picture of the pose: the whole of it is taken for one person.';
    expect([nobody.said, before.said]).toEqual([[whole], []]);
  });
});
