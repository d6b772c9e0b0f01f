/** Straight lines against torch, numpy and OpenCV: tools/fixtures/hint_straight_lines.py. */
import { describe, expect, it } from 'vitest';
import { raster } from '../image/raster';
import { hashOf, madeBytes } from '../image/testing/made-bytes';
import golden from './fixtures/straight-lines.json' with { type: 'json' };
import { preprocessor } from './preprocessors';
import { drawLine, straightLines } from './straight-lines';
import type { DrawnMap, NetworkPreprocessor } from './preprocessor';

function madeMap(width: number, height: number, seed: number, span: number): DrawnMap {
  const bytes = madeBytes(width * height, seed);
  return { width, height, values: Float32Array.from(bytes, (byte) => Math.fround((byte - 128) * span) / 128) };
}

/** No two middles are as sure as each other. */
const untied = ({ values, ...size }: DrawnMap): DrawnMap => ({
  ...size,
  values: values.map((value, i) => value + i / 2 ** 14),
});

describe.each(golden.cases)('maps of $size, $score, $distance', ({ size, seed, score, distance, ...expected }) => {
  const [width, height] = size;
  const [middles, ...ways] = [0, 1, 2, 3, 4].map((k) => madeMap(width / 2, height / 2, seed + k, k === 0 ? 5 : 30));
  const maps = [untied(middles), ...ways];

  it('give the lines of torch, drawn as by OpenCV', () => {
    expect(straightLines(maps, { score, distance })).toHaveLength(expected.lines);
    const { finish } = preprocessor('mlsd') as NetworkPreprocessor;
    const values = { resolution: 0, thresholdA: score, thresholdB: distance, seed: 0 };
    const { data } = finish(maps, { width, height }, values);
    expect(data.filter((level) => level > 0)).toHaveLength(expected.white);
    expect(hashOf(data)).toBe(expected.drawn);
  });
});

describe('drawLine', () => {
  it.each(golden.single)('$line is that of OpenCV', ({ line: [x1, y1, x2, y2], drawn }) => {
    const to = raster({ width: 64, height: 48 }, 1);
    drawLine(to, { x1, y1, x2, y2 });
    expect(hashOf(to.data)).toBe(drawn);
  });
});
