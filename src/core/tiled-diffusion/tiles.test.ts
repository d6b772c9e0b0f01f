import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WeighedAnswers } from '../guidance';
import fixture from './fixtures/weights.json';
import { planGrid, TILED_METHODS, tileWeights, type TiledMethod } from './tiles';

const METHODS = Object.keys(TILED_METHODS) as TiledMethod[];

/** Float32 sums beside float64's. */
const CLOSE = 5;

describe.each(fixture.cases)('tiles of $tile in $latent, overlap $overlap', (one) => {
  const [latent, grid] = [one.latent, one.tile].map(([width, height]) => ({ width, height }));
  const tiles = planGrid(latent, { ...grid, overlap: one.overlap });
  const [width, height] = one.size;

  it('lie where the formulas have them', () => {
    expect(tiles).toEqual(one.tiles.map(([x, y]) => ({ x, y, width, height })));
  });

  it('weigh as numpy has it', () => {
    const weights = tileWeights('mixture', { width, height });
    const column = Math.floor(width / 2);
    one.rows.forEach((wanted, y) => expect(weights[y * width + column] / wanted).toBeCloseTo(1, CLOSE));
    const row = Math.floor(height / 2);
    one.columns.forEach((wanted, x) => expect(weights[row * width + x] / wanted).toBeCloseTo(1, CLOSE));
  });

  it.each(METHODS)('%s: the mean of known answers is torch’s', (method) => {
    const weights = tileWeights(method, { width, height });
    const answers = new WeighedAnswers(latent, 2);
    tiles.forEach((tile, k) => {
      const answer = Float32Array.from({ length: 2 * width * height }, (_, i) => {
        const [c, cell] = [Math.floor(i / (width * height)), i % (width * height)];
        return Math.sin(k + 0.3 * c + 0.1 * Math.floor(cell / width) - 0.07 * (cell % width));
      });
      answers.add(answer, weights, tile);
    });
    const mean = answers.mean();
    const step = Math.max(1, Math.floor(mean.length / 40));
    const sampled = [...mean].filter((_, i) => i % step === 0);
    const wanted = one.means[method];
    expect(sampled).toHaveLength(wanted.length);
    sampled.forEach((value, i) => expect(value).toBeCloseTo(wanted[i], CLOSE));
  });
});

describe('planGrid', () => {
  const side = fc.integer({ min: 8, max: 200 });
  const size = fc.record({ width: side, height: side });

  it('covers every latent, with weights above nothing everywhere', () => {
    fc.assert(
      fc.property(size, size, fc.integer({ min: 0, max: 220 }), (latent, tile, overlap) => {
        const tiles = planGrid(latent, { ...tile, overlap });
        const covered = new Uint8Array(latent.width * latent.height);
        for (const { x, y, width, height } of tiles)
          for (let row = y; row < y + height; row++)
            covered.fill(1, row * latent.width + x, row * latent.width + x + width);
        expect(covered.includes(0)).toBe(false);
        for (const method of METHODS) expect(Math.min(...tileWeights(method, tiles[0]))).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  it('reaches the end where the step is rounded down', () => {
    const tiles = planGrid({ width: 8, height: 121 }, { width: 8, height: 8, overlap: 3 });
    expect(tiles.at(-1)).toEqual({ x: 0, y: 113, width: 8, height: 8 });
  });

  it('gives back a constant, and is one tile where that covers all', () => {
    const latent = { width: 100, height: 60 };
    expect(planGrid(latent, { width: 128, height: 64, overlap: 48 })).toEqual([{ x: 0, y: 0, ...latent }]);
    const tiles = planGrid(latent, { width: 32, height: 32, overlap: 16 });
    for (const method of METHODS) {
      const answers = new WeighedAnswers(latent, 1);
      const weights = tileWeights(method, tiles[0]);
      for (const tile of tiles) answers.add(new Float32Array(32 * 32).fill(3), weights, tile);
      answers.mean().forEach((value) => expect(Math.abs(value - 3)).toBeLessThan(1e-5));
    }
  });
});
