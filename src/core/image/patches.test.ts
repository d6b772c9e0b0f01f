import { describe, expect, it } from 'vitest';
import { planPatches, readPatch, writePatch } from './patches';
import type { Pixels } from './pixels';

/** A picture in which every pixel is another. */
function picture(width: number, height: number): Pixels {
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : ((i >> 2) * 7 + (i % 4) * 50) % 256,
  );
  return { width, height, data };
}

const empty = (width: number, height: number): Pixels => ({
  width,
  height,
  data: new Uint8ClampedArray(4 * width * height),
});

describe('planPatches', () => {
  it.each([
    [1, 1],
    [300, 20],
    [256, 257],
    [512, 768],
    [449, 1000],
    [20_000, 2],
  ])('covers %i x %i, each pixel once, with a halo wherever the picture goes on', (width, height) => {
    const options = { side: 256, halo: 32, multiple: 4 };
    const patches = planPatches({ width, height }, options);
    const area = patches.reduce((sum, { kept }) => sum + kept.width * kept.height, 0);
    expect(area).toBe(width * height);
    const sizes = new Set(patches.map((patch) => `${patch.width} ${patch.height}`));
    expect(sizes.size).toBe(1);
    for (const { x, y, kept, ...size } of patches) {
      expect([x % 4, y % 4, size.width % 4, size.height % 4]).toEqual([0, 0, 0, 0]);
      expect(x + size.width).toBeLessThan(width + 4);
      expect(kept.x === 0 || kept.x - x >= 32).toBe(true);
      expect(kept.y === 0 || kept.y - y >= 32).toBe(true);
      expect(kept.x + kept.width === width || x + size.width - kept.x - kept.width >= 32).toBe(true);
      expect(kept.y + kept.height === height || y + size.height - kept.y - kept.height >= 32).toBe(true);
      expect(kept.width > 0 && kept.height > 0).toBe(true);
    }
  });

  it('makes one of what fits', () => {
    expect(planPatches({ width: 128, height: 256 }, { side: 256, halo: 32 })).toHaveLength(1);
    const nine = planPatches({ width: 512, height: 512 }, { side: 256, halo: 32 });
    expect(nine).toHaveLength(9);
    expect(nine[0]).toMatchObject({ width: 214, height: 214 }); // 3 · 214 − 2 · 64 = 514
  });

  it('refuses patches that give nothing', () => {
    expect(() => planPatches({ width: 9, height: 9 }, { side: 64, halo: 32 })).toThrow(RangeError);
    expect(() => planPatches({ width: 9, height: 9 }, { side: 65, halo: 4, multiple: 4 })).toThrow(RangeError);
  });
});

describe('readPatch and writePatch', () => {
  it('put a picture together again, pixels repeated', () => {
    const [width, height, scale] = [43, 30, 2];
    const whole = picture(width, height);
    const made = empty(width * scale, height * scale);
    for (const patch of planPatches(whole, { side: 16, halo: 4, multiple: 4 })) {
      const planes = readPatch(whole, patch);
      const [across, down] = [patch.width * scale, patch.height * scale];
      const large = Float32Array.from({ length: 3 * across * down }, (_, i) => {
        const [plane, at] = [Math.floor(i / (across * down)), i % (across * down)];
        const [y, x] = [Math.floor(at / across / scale), Math.floor((at % across) / scale)];
        return planes[(plane * patch.height + y) * patch.width + x];
      });
      writePatch(made, patch, large, scale);
    }
    const expected = Array.from(made.data, (_, i) => {
      const [at, channel] = [i >> 2, i % 4];
      const [y, x] = [Math.floor(at / made.width / scale), Math.floor((at % made.width) / scale)];
      return whole.data[4 * (y * width + x) + channel];
    });
    expect([...made.data]).toEqual(expected);
  });

  it('mirror what lies beyond the right and the bottom, as torch does', () => {
    const read = (width: number): number[] => {
      const row = readPatch(picture(width, 1), { x: 0, y: 0, width: 4, height: 2 });
      return [...row.subarray(0, 4)].map((value) => Math.round((value * 255) / 7));
    };
    expect(read(3)).toEqual([0, 1, 2, 1]);
    expect(read(2)).toEqual([0, 1, 0, 1]);
    expect(read(1)).toEqual([0, 0, 0, 0]);
  });

  it('clamp and round', () => {
    const made = empty(4, 1);
    const patch = { x: 0, y: 0, width: 4, height: 1, kept: { x: 0, y: 0, width: 4, height: 1 } };
    writePatch(made, patch, Float32Array.from([-1, 2, 0.4999, 1.6 / 255, 0, 0, 0, 0, 0, 0, 0, 0]), 1);
    expect([0, 4, 8, 12].map((at) => made.data[at])).toEqual([0, 255, 127, 2]);
    expect(made.data[3]).toBe(255);
  });
});
