/** Against torch: tools/fixtures/keep_colours.py. */
import { describe, expect, it } from 'vitest';
import { mostApart } from '../image/testing/made-bytes';
import { boxBlur, colourKeeper } from './keep-colours';
import golden from './fixtures/keep-colours.json' with { type: 'json' };

describe('keeping a picture’s colours', () => {
  it.each(golden.cases)('makes torch’s numbers: $size, $radius cells, weight $weight', (one) => {
    const [width, height] = one.size;
    const keep = colourKeeper({ ...one, latent: Float32Array.from(one.origin) }, { width, height });
    const x0 = Float32Array.from(one.x0);
    expect(mostApart(keep(x0, true), one.positive)).toBeLessThan(1e-5);
    expect(mostApart(keep(x0, false), one.negative)).toBeLessThan(1e-5);
    expect(mostApart(one.positive, one.x0)).toBeGreaterThan(0.1);
    expect(x0).toEqual(Float32Array.from(one.x0));
  });

  it('leaves at weight 0 what was predicted', () => {
    const [{ x0, origin }] = golden.cases;
    const kept = { latent: Float32Array.from(origin), radius: 2, weight: 0, sharpness: 1 };
    expect(colourKeeper(kept, { width: 5, height: 7 })(Float32Array.from(x0), true)).toEqual(Float32Array.from(x0));
  });

  it('has of an even picture what was there', () => {
    expect(boxBlur(new Float32Array(12).fill(3), { width: 3, height: 2 }, 4)).toEqual(new Float32Array(12).fill(3));
  });
});
