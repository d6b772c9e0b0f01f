/** Poses against OpenCV: tools/fixtures/pose_drawing.py. */
import { describe, expect, it } from 'vitest';
import { hashOf } from '../image/testing/made-bytes';
import { drawPose } from './draw-pose';
import golden from './fixtures/drawings.json' with { type: 'json' };
import { COLOURS, JOINTS, LIMBS, MIRRORED, type Joint } from './skeleton';

/** Case in which two pixels of 108,035 differ: OpenCV shortens lines that reach over the edge before it draws them. */
const CUT_OFF = 9;

const isDrawn = (data: Uint8ClampedArray, at: number): boolean => data[at] + data[at - 1] + data[at - 2] > 0;

const hex = (colour: readonly number[]): string => colour.map((level) => level.toString(16).padStart(2, '0')).join('');

describe('drawPose', () => {
  it('has OpenPose’s colours', () => {
    expect(COLOURS.map(hex).join(' ')).toBe(
      'ff0000 ff5500 ffaa00 ffff00 aaff00 55ff00 00ff00 00ff55 00ffaa 00ffff 00aaff 0055ff 0000ff 5500ff aa00ff ff00ff ff00aa ff0055',
    );
    expect(MIRRORED.map((other) => MIRRORED[other])).toEqual(JOINTS.map((_, i) => i));
    expect(LIMBS).toHaveLength(17);
  });

  it.each(golden.cases.map((one, i) => [i, one] as const))('draws every pixel as OpenCV does: %i', (i, one) => {
    const [width, height] = one.size;
    const people = one.people.map((person) =>
      person.map(([x, y, hidden]): Joint => ({ x, y, ...(hidden === 1 && { isHidden: true }) })),
    );
    const drawn = drawPose({ width, height, people }, { hasThickLimbs: one.thick });
    if (i !== CUT_OFF) return expect(hashOf(drawn.data)).toBe(one.hash);
    const count = [...drawn.data].reduce<number>(
      (sum, _, at) => sum + Number(at % 3 === 2 && isDrawn(drawn.data, at)),
      0,
    );
    expect(Math.abs(count - one.drawn)).toBeLessThanOrEqual(2);
  });

  it('leaves out what lies outside, and nobody is black', () => {
    const person = JOINTS.map((): Joint => ({ x: -50, y: 900 }));
    expect(drawPose({ width: 64, height: 64, people: [person] }).data.some((level) => level > 0)).toBe(false);
    expect(drawPose({ width: 64, height: 64, people: [] }).data).toHaveLength(3 * 64 * 64);
  });
});
