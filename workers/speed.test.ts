/** Speed on the starter: fewer calls, nearly the same picture. */
import { describe, expect, it } from 'vitest';
import manifest from '../models-manifest.json';
import { parseCatalog } from '../src/core/catalog';
import type { EngineEvent } from '../src/engine/api';
import { Engine } from '../src/engine/engine';
import type { SamplerId } from '../src/core/samplers';
import type { SpeedId } from '../src/core/speed';
import { createNodePorts } from './testing/node-ports';

const [starter] = parseCatalog(manifest).models;
const engine = new Engine(createNodePorts());

async function paint(speed: SpeedId, sampler: SamplerId, steps = 20, prompt = 'a red car', seed = 7) {
  const notices: string[] = [];
  const shown: number[] = [];
  const onEvent = (event: EngineEvent): void => {
    if (event.type === 'notice') notices.push(event.message);
    if (event.type === 'step') shown.push(event.step);
  };
  const { cfgScale, width, height, schedule } = starter.defaults;
  const words = { prompt, negativePrompt: '', model: starter.id, noise: 'cpu', seed } as const;
  const request = { ...words, sampler, schedule, steps, cfgScale, width, height, speed };
  const { pixels, timings } = await engine.generate(request, starter, onEvent);
  return { pixels: pixels.data, timings, notices, shown };
}

function psnr(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  const error = a.reduce((sum, level, i) => sum + (level - b[i]) ** 2, 0) / (a.length * 0.75);
  return 10 * Math.log10(255 ** 2 / error);
}

describe('Speed', () => {
  it.each([
    ['euler', 36, 26],
    ['dpmpp_2m', 36, 26],
    ['euler_ancestral', 28, 19],
  ] as const)('makes 11 or 6 of 20 calls of %s', { timeout: 120_000 }, async (sampler, near, nearer) => {
    const exact = await paint('exact', sampler);
    expect(exact.timings).toMatchObject({ modelCalls: 20 });
    expect(exact.timings).not.toHaveProperty('forecastCalls');
    for (const [speed, made, least] of [
      ['fast', 11, near],
      ['faster', 6, nearer],
      ['faster2', 6, Math.min(nearer, 22)],
    ] as const) {
      const { pixels, timings, notices, shown } = await paint(speed, sampler);
      expect(timings).toMatchObject({ modelCalls: made, forecastCalls: 20 - made });
      expect(psnr(pixels, exact.pixels)).toBeGreaterThan(least);
      expect(notices).toEqual([]);
      expect(shown).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    }
  });

  it('keeps a grey background, which the first version of Faster lost', { timeout: 60_000 }, async () => {
    const corner = async (speed: SpeedId): Promise<number[]> => {
      const { pixels } = await paint(speed, 'dpmpp_2m', 20, 'cat on a grey background', 5);
      return [...pixels.subarray(0, 3)];
    };
    const exact = await corner('exact');
    const off = (levels: number[]): number => Math.max(...levels.map((level, i) => Math.abs(level - exact[i])));
    expect(off(await corner('faster2'))).toBeLessThan(30);
    expect(off(await corner('faster'))).toBeGreaterThan(60);
  });

  it('says so where nothing can be forecast', { timeout: 60_000 }, async () => {
    const short = await paint('faster2', 'euler', 2);
    expect(short.timings).toMatchObject({ modelCalls: 2 });
    expect(short.notices).toEqual([
      'Nothing was forecast: a run of 2 steps has too little to forecast from. The picture is as exact as without Speed.',
    ]);
    const own = await paint('fast', 'dpm_adaptive');
    expect(own.notices[0]).toMatch(/^Nothing was forecast: DPM adaptive decides by itself how many steps it takes\./);
  });
});
