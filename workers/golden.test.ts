/** Whole pictures of the starter model against those of torch, diffusers and k-diffusion (tools/starter/golden_picture.py). */
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import manifest from '../models-manifest.json';
import { parseCatalog } from '../src/core/catalog';
import type { GenerationRequest } from '../src/core/request';
import { Engine } from '../src/engine/engine';
import { createNodePorts } from './testing/node-ports';

/** Float32 on both sides; what remains is truncation to 8 bits falling on either side of a level. */
const MIN_PSNR_DB = 50;

interface Golden {
  prompt: string;
  negative_prompt: string;
  sampler: GenerationRequest['sampler'];
  schedule: GenerationRequest['schedule'];
  noise: GenerationRequest['noise'];
  steps: number;
  cfg_scale: number;
  seed: number;
  png: string;
}

const folder = fileURLToPath(new URL('../tools/starter/fixtures/', import.meta.url));
const names = (await readdir(folder)).filter((name) => /^golden-.*\.json$/.test(name));
const [starter] = parseCatalog(manifest).models;
const engine = new Engine(createNodePorts());

describe('a whole picture of the starter model', () => {
  it.each(names)('%s: is the picture that k-diffusion makes', { timeout: 120_000 }, async (name) => {
    const golden = JSON.parse(await readFile(folder + name, 'utf8')) as Golden;
    const request: GenerationRequest = {
      model: starter.id,
      prompt: golden.prompt,
      negativePrompt: golden.negative_prompt,
      sampler: golden.sampler,
      schedule: golden.schedule,
      noise: golden.noise,
      steps: golden.steps,
      cfgScale: golden.cfg_scale,
      seed: golden.seed,
      width: 64,
      height: 64,
    };
    const { pixels } = await engine.generate(request, starter, () => undefined);
    const expected = PNG.sync.read(await readFile(folder + golden.png));
    expect([pixels.width, pixels.height]).toEqual([expected.width, expected.height]);
    expect(psnr(pixels.data, expected.data)).toBeGreaterThan(MIN_PSNR_DB);
  });

  it('has fixtures to compare with', () => expect(names.length).toBeGreaterThanOrEqual(6));
});

function psnr(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < expected.length; i++)
    if (i % 4 !== 3) {
      sum += (actual[i] - expected[i]) ** 2;
      count++;
    }
  return sum === 0 ? Infinity : 10 * Math.log10(255 ** 2 / (sum / count));
}
