import { describe, expect, it } from 'vitest';
import { planesToPixels } from '.';

describe('planesToPixels', () => {
  it('clamps and truncates, channel planes to interleaved bytes', () => {
    // levels: (v + 1) / 2 · 255 = 0, 127.5, 255 and beyond both ends
    const planes = Float32Array.of(-1, 0, /* g */ 1, 2, /* b */ -5, 0.999);
    expect([...planesToPixels(planes, 2, 1).data]).toEqual([0, 255, 0, 255, 127, 255, 254, 255]);
  });
});
