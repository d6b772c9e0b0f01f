/** Texts of parts of a picture, against torch. */
import { describe, expect, it } from 'vitest';
import fixture from './fixtures/regions.json';
import { addCounterparts, areaOf, regionWeights, within, WeighedAnswers, type Area } from './regions';

const { width, height } = fixture;
const LATENT = { width, height };
const MASK = Float32Array.from(fixture.mask);
const areaFrom = (said: readonly number[] | null): Area | undefined =>
  said ? { y: said[0], x: said[1], height: said[2], width: said[3] } : undefined;

const guides = fixture.guides.map((guide) => ({
  ...guide,
  region: {
    area: areaFrom(guide.area),
    mask: guide.mask ? MASK : undefined,
    strength: guide.strength,
    maskStrength: guide.maskStrength ?? 1,
  },
}));

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expect(Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)))).toBeLessThan(2e-5);
}

describe('regionWeights', () => {
  it.each(guides)('of $area, $strength, masked: $mask', ({ region, weights }) => {
    expectClose(regionWeights(region, region.area, LATENT), weights);
  });
});

describe('WeighedAnswers', () => {
  it('are the mean of all, where each counts', () => {
    const answers = new WeighedAnswers(LATENT, 2);
    for (const { region, answer } of guides)
      answers.add(Float32Array.from(answer), regionWeights(region, region.area, LATENT), region.area);
    expectClose(answers.mean(), fixture.mean);
  });

  it('are nothing where none counts', () => {
    expect([...new WeighedAnswers({ width: 2, height: 1 }, 2).mean()]).toEqual([0, 0, 0, 0]);
  });
});

describe('areaOf', () => {
  const latent = { width: 9, height: 16, factor: 8 };
  const placing = { unit: 'pixels', width: 127, height: 64, x: 8, y: 15, isWithin: false } as const;

  it('counts whole cells, and shares of the latent with halves to the even', () => {
    expect(areaOf(placing, latent, undefined)).toEqual({ width: 15, height: 8, x: 1, y: 1 });
    const shares = { ...placing, unit: 'shares', width: 0.5, height: 0.01, x: 0.5, y: 0.5 } as const;
    expect(areaOf(shares, latent, undefined)).toEqual({ width: 4, height: 1, x: 4, y: 8 });
    expect(areaOf({ ...placing, unit: 'none' }, latent, undefined)).toBeUndefined();
  });

  it('is what is around a mask, where that is asked for', () => {
    const mask = new Float32Array(9 * 16);
    const asked = { ...placing, isWithin: true };
    expect(areaOf(asked, latent, mask)).toEqual({ width: 8, height: 8, x: 0, y: 0 });
    for (let y = 3; y < 13; y++) mask[y * 9 + 2] = 0.1;
    expect(areaOf(asked, latent, mask)).toEqual({ width: 8, height: 10, x: 2, y: 3 });
  });

  it('must be within the picture', () => {
    expect(within({ x: 1, y: 1, width: 20, height: 3 }, latent)).toEqual({ x: 1, y: 1, width: 8, height: 3 });
    expect(() => within({ x: 9, y: 0, width: 4, height: 4 }, latent)).toThrow('begins 9 cells from the left');
  });
});

describe('addCounterparts', () => {
  interface Guide {
    text: string;
    area: Area | undefined;
  }
  const box = (x: number, side: number): Area => ({ x, y: 0, width: side, height: side });
  const paired = (positive: Guide[], negative: Guide[]): Guide[] => {
    addCounterparts([positive, negative], (placed, { text }) => ({ ...placed, text }));
    return negative;
  };

  it('gives each area the other side’s text of the smallest area that holds it', () => {
    const negative = paired(
      [
        { text: 'sky', area: box(0, 4) },
        { text: 'all', area: undefined },
      ],
      [
        { text: 'bad', area: undefined },
        { text: 'worse', area: box(0, 8) },
        { text: 'worst', area: box(0, 6) },
      ],
    );
    expect(negative.slice(3)).toEqual([{ text: 'worst', area: box(0, 4) }]);
  });

  it('gives it to each of three lists, one after another', () => {
    const [positive, empty, negative] = [
      [
        { text: 'all', area: undefined },
        { text: 'sky', area: box(0, 4) },
      ],
      [{ text: '', area: undefined }],
      [
        { text: 'bad', area: undefined },
        { text: 'worse', area: box(2, 2) },
      ],
    ] as Guide[][];
    addCounterparts([positive, empty, negative], (placed, { text }) => ({ ...placed, text }));
    expect(positive.slice(2)).toEqual([{ text: 'sky', area: box(2, 2) }]);
    expect(empty.slice(1)).toEqual([
      { text: '', area: box(0, 4) },
      { text: '', area: box(2, 2) },
    ]);
    expect(negative.slice(2)).toEqual([{ text: 'bad', area: box(0, 4) }]);
  });

  it('leaves what has it already, and what is everywhere', () => {
    const own: Guide = { text: 'bad', area: box(0, 4) };
    expect(paired([{ text: 'sky', area: box(0, 4) }], [own])).toEqual([own]);
    const all: Guide = { text: 'bad', area: undefined };
    expect(paired([{ text: 'sky', area: undefined }], [all])).toEqual([all]);
  });
});
