/** ComfyUI's sizes, by tools/fixtures/make_comfy_sizes.py. */
import { describe, expect, it } from 'vitest';
import cases from './fixtures/scaled-size.json';
import { centreBox, scaledSize } from './scaled-size';

const sizeOf = ([width, height]: readonly number[]) => ({ width, height });

describe('scaledSize and centreBox', () => {
  it.each(cases)('of $from by $width × $height, $factor, in steps of $step', (one) => {
    const { step, least, width, height, factor } = one;
    const from = sizeOf(one.from);
    const to = scaledSize(from, { width, height, factor }, { step, least });
    expect([to.width, to.height]).toEqual(one.to);
    if (!one.box) return;
    const { left, top, right, bottom } = centreBox(from, to);
    expect([left, top, right, bottom]).toEqual(one.box);
  });

  it('leaves a size as it is where nothing is said', () => {
    expect(scaledSize({ width: 3, height: 5 }, { width: 0, height: 0, factor: 0 })).toEqual({ width: 3, height: 5 });
  });
});
