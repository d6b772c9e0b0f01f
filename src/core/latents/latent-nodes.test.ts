/** Latents over each other, mixed, enlarged along arcs and turned, against torch. */
import { describe, expect, it } from 'vitest';
import { cutTile } from '../image';
import { maskUnits } from '../image/compose/levels';
import { featherWeights, layOver, overlapOf } from '../image/geometry/lay-over';
import { turned, type Turn } from '../image/geometry/turns';
import { raster } from '../image/raster';
import { interpolate } from '../image/resample';
import { bislerp } from './bislerp';
import fixture from './fixtures/latent-nodes.json';
import { mixLatents, type LatentMix } from './mix-latents';

/** Six digits are written down. */
const REL = 5e-6;
const f32 = (values: readonly number[]) => Float32Array.from(values);

function expectClose(actual: ArrayLike<number>, expected: readonly number[], most = REL): void {
  expect(actual.length).toBe(expected.length);
  const size = Math.max(...expected.map(Math.abs));
  expect(Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)))).toBeLessThan(most * size);
}

const TO = { width: 10, height: 8 };

describe('a latent laid over another', () => {
  it.each(fixture.composed)('at $x, $y with edges that fade over $feather', ({ x, y, feather, to, from, result }) => {
    const source = { width: 6, height: 4, data: f32(from) };
    const composed = { ...TO, data: f32(to) };
    const over = overlapOf(TO, source, { x, y });
    layOver(composed, source, { ...over, weights: featherWeights(TO, over, feather) });
    expectClose(composed.data, result);
  });

  it.each(fixture.masked)('by a mask, resized: $resizes', ({ resizes, x, y, to, from, mask, result }) => {
    const given = { width: 6, height: 6 };
    const source = resizes
      ? { ...TO, data: interpolate(f32(from), given, TO, { mode: 'bilinear' }) }
      : { ...given, data: f32(from) };
    const size = { width: 16, height: 12 };
    const levels = maskUnits(raster(size, 1, Uint8ClampedArray.from(mask)));
    const over = overlapOf(TO, source, { x, y });
    const whole = interpolate(levels, size, source, { mode: 'bilinear' });
    const composed = { ...TO, data: f32(to) };
    layOver(composed, source, { ...over, weights: cutTile(whole, source, { ...over, x: 0, y: 0 }) });
    expectClose(composed.data, result);
  });
});

describe('mixLatents', () => {
  const { first, second } = fixture.mixed;

  it.each(fixture.mixed.mixes)('$how', ({ how, amount, result }) => {
    const mixed = mixLatents(how as LatentMix, [f32(first), f32(second)], { amount, cells: 30 });
    expectClose(mixed, result);
  });
});

describe('bislerp', () => {
  it.each(fixture.bislerp)('to $width × $height', ({ width, height, planes, result }) => {
    expectClose(bislerp(f32(planes), { width: 6, height: 5 }, { width, height }), result, 2e-5);
  });
});

describe('turned', () => {
  it.each(Object.entries(fixture.turns))('%s', (turn, rows) => {
    const { width, height, from } = turned({ width: 3, height: 2 }, turn as Turn);
    expect([width, height]).toEqual([rows[0].length, rows.length]);
    expect([...from]).toEqual(rows.flat());
  });
});
