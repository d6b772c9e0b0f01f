/** Large pictures, against diffusers (tools/fixtures/make_large_pictures.py): hires. fix in every number as people use it, and tiled diffusion. */
import { describe, expect, it } from 'vitest';
import type { Pixels } from '../src/core/image';
import { recipeOf, writeInfotext } from '../src/core/recipe/infotext';
import type { GenerationRequest } from '../src/core/recipe/request';
import { planGrid } from '../src/core/tiled-diffusion/tiles';
import { relativeError } from '../src/core/weights/testing/numbers';
import fixture from '../src/engine/fixtures/pipelines/large.json';
import type { ModelSource } from '../src/engine/models/model-source';
import type { Session } from '../src/engine/ports';
import { paintTiny, tinyCase, type TinyCase } from './testing/paint-tiny';
import { openTinyControls } from './testing/tiny-control';
import { openTinyPack } from './testing/tiny-pack';

/** Float32 on both sides; the sums run in another order. */
const MAX_RELATIVE_ERROR = 1e-3;

/** A step across an edge of a tile, beside the median step: random weights see their tile's edge more than trained ones. */
const MOST_SEAM = 1.2;

interface Told {
  shape: number[];
  sampled: number[];
  channels: number[][];
}

/** Every STRIDE-th number and each channel's mean and deviation. */
function expectToBe(latent: readonly number[], { shape, sampled, channels }: Told): void {
  expect(latent).toHaveLength(shape.reduce((a, b) => a * b));
  const error = relativeError(
    latent.filter((_, i) => i % fixture.stride === 0),
    sampled,
  );
  expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
  expect(error).toBeGreaterThan(0);
  const cells = shape[1] * shape[2];
  channels.forEach(([mean, deviation], c) => {
    const one = latent.slice(c * cells, (c + 1) * cells);
    const own = one.reduce((sum, value) => sum + value, 0) / cells;
    const spread = Math.sqrt(one.reduce((sum, value) => sum + (value - own) ** 2, 0) / cells);
    expect(Math.abs(own - mean) / deviation).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(spread / deviation).toBeCloseTo(1, 3);
  });
}

/** The latent is what is looked at: what makes 840 x 1264 pixels of it would take most of the time. */
const withoutDecoder = (source: ModelSource): ModelSource => ({
  ...source,
  open: async (component, shape) => {
    if (component !== 'vae_decoder') return source.open(component, shape);
    const run: Session['run'] = ({ latent_sample: { dims } }) =>
      Promise.resolve({ sample: new Float32Array(3 * 64 * dims[2] * dims[3]) });
    return { session: { run, dispose: () => Promise.resolve() }, bytes: 0 };
  },
});

describe('hires. fix of 512 x 768, Latent, 0.6, x1.65, 10 hires steps, hires CFG 7', () => {
  const { demo } = fixture;
  const base = {
    ...tinyCase('sd15'),
    ...{ steps: demo.steps, cfgScale: demo.cfgScale, seed: demo.seed, schedule: 'karras' },
    parts: { ...tinyCase('sd15').parts, unet: 'unet-four', vae: 'vae-eight' },
  } as TinyCase;
  const hires = {
    ...{ width: demo.width, height: demo.height, hiresScale: demo.hiresScale, hiresUpscaler: 'latent' },
    ...{ hiresSteps: demo.hiresSteps, hiresCfgScale: demo.hiresCfgScale, denoisingStrength: demo.denoisingStrength },
  };

  it('ends in the latent that diffusers ends in, 105 x 158 cells', async () => {
    expect(demo.shape).toEqual([4, 158, 105]);
    const source = await openTinyPack(base, 'float32');
    expectToBe(await paintTiny(base, withoutDecoder(source), hires), demo);
  });

  it('is told as Forge tells it', () => {
    const request = { model: 'm', prompt: 'a', negativePrompt: '', sampler: 'euler', noise: 'cpu', ...hires };
    const { schedule, ...asked } = { schedule: 'karras', steps: 20, cfgScale: 7, seed: 42 } as const;
    const text = writeInfotext(recipeOf({ ...request, ...asked, schedule } as GenerationRequest));
    expect(text).toContain('Size: 512x768');
    expect(text).toContain('Denoising strength: 0.6');
    expect(text).toContain('Hires upscale: 1.65, Hires steps: 10, Hires upscaler: Latent, Hires CFG Scale: 7');
  });
});

describe('tiled diffusion', () => {
  /** The hint as the fixture draws it. */
  function hint(width: number, height: number): Pixels {
    const level = (x: number, y: number, c: number): number =>
      c === 3 ? 255 : (29 * c + 7 * x + 13 * y * (x % 4)) % 256;
    const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
      level(Math.floor(i / 4) % width, Math.floor(i / 4 / width), i % 4),
    );
    return { width, height, data };
  }

  async function paint({ name: _, weight, ...one }: (typeof fixture.tiled)[number], changes: object = {}) {
    const base = { ...tinyCase('sd15'), steps: one.steps };
    const { width, height, tiledMethod, tileWidth, tileHeight, tileOverlap } = one;
    const asked = {
      ...{ width, height, tiledMethod, tileWidth, tileHeight, tileOverlap },
      ...(one.hiresScale !== undefined && {
        ...{ hiresScale: one.hiresScale, hiresUpscaler: 'latent' },
        ...{ hiresSteps: one.hiresSteps, hiresCfgScale: one.hiresCfgScale, denoisingStrength: one.denoisingStrength },
      }),
      ...(weight !== undefined && {
        control: [{ model: 'control-sd15', image: 'hint', weight }],
        images: { hint: hint(width, height) },
        controls: await openTinyControls(['control-sd15']),
      }),
      ...changes,
    } as Partial<GenerationRequest>;
    return paintTiny(base, await openTinyPack(base, 'float32'), asked);
  }

  it.each(fixture.tiled)('by $name ends in the latent that diffusers ends in', async (one) => {
    expectToBe(await paint(one), one);
  });

  it.each(fixture.tiled.slice(0, 2))('by $name leaves no seam between cells of neighbouring tiles', async (one) => {
    const [, height, width] = one.shape;
    const latent = await paint(one);
    /** Difference between a column and the one before, over all channels and rows. */
    const steps = Array.from({ length: width - 1 }, (_, i) => {
      const sum = latent.reduce(
        (all, value, at) => (at % width === i + 1 ? all + Math.abs(value - latent[at - 1]) : all),
        0,
      );
      return sum / (4 * height);
    });
    const tiles = planGrid(
      { width, height },
      { width: one.tileWidth, height: one.tileHeight, overlap: one.tileOverlap },
    );
    const edges = new Set(tiles.flatMap(({ x, width: across }) => [x, x + across]).filter((x) => x > 0 && x < width));
    expect(edges.size).toBeGreaterThan(1);
    const median = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)];
    const atEdges = [...edges].reduce((sum, x) => sum + steps[x - 1], 0) / edges.size;
    expect(atEdges / median).toBeLessThan(MOST_SEAM);
  });

  it('is the whole picture’s where one tile covers it, and another where it is cut', async () => {
    const [one] = fixture.tiled;
    const whole = await paint(one, { tiledMethod: 'none' });
    expect(await paint(one, { tileWidth: 48, tileHeight: 32 })).toEqual(whole);
    expect(relativeError(await paint(one), whole)).toBeGreaterThan(20 * MAX_RELATIVE_ERROR);
  });
});
