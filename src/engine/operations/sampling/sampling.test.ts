/** The settings of the denoising loop, from the request to what the model is asked. */
import { beforeEach, describe, expect, it } from 'vitest';
import { readUnetConfig, timestepWave } from '../../../core/networks';
import { NOISES, type NoiseId } from '../../../core/noise';
import type { GenerationRequest } from '../../../core/recipe/request';
import { SAMPLERS, type SamplerEntry, type SamplerId } from '../../../core/samplers';
import { SCHEDULES, type ScheduleId } from '../../../core/schedules';
import type { EngineEvent } from '../../api';
import { Engine } from '../../engine';
import { createFake, FAKE_ENTRY, FAKE_UNET, type Fake } from '../../testing/fake-ports';

const request: GenerationRequest = {
  model: 'fake',
  prompt: 'abc',
  negativePrompt: 'z',
  sampler: 'euler',
  schedule: 'automatic',
  noise: 'nv',
  steps: 6,
  cfgScale: 2,
  seed: 1,
  width: 64,
  height: 64,
};

let fake: Fake;
let engine: Engine;
let events: EngineEvent[];

beforeEach(() => {
  fake = createFake();
  engine = new Engine(fake.ports);
  events = [];
});

const paint = async (changes: Partial<GenerationRequest> = {}) => {
  fake.unetCalls.length = 0;
  events.length = 0;
  return engine.generate({ ...request, ...changes }, FAKE_ENTRY, (event) => void events.push(event));
};
const bytes = async (changes: Partial<GenerationRequest> = {}): Promise<number[]> => [
  ...(await paint(changes)).pixels.data,
];
const batchSizes = (): number[] => fake.unetCalls.map((call) => call['sample'].dims[0]);

describe.each(Object.keys(SAMPLERS) as SamplerId[])('sampler %s', (sampler) => {
  const entry: SamplerEntry = SAMPLERS[sampler];

  it('paints the same picture twice, reporting the steps that it announced', async () => {
    const first = await bytes({ sampler });
    const steps = events.filter((event) => event.type === 'step');
    expect(steps.length).toBeGreaterThan(0);
    const announced = steps[0].type === 'step' ? steps[0].steps : undefined;
    if (announced !== undefined) expect(steps.length).toBe(announced);
    expect(new Set(first).size).toBeGreaterThan(3); // a picture, not one flat colour
    expect(await bytes({ sampler })).toEqual(first);
  });

  it('gives its own answer to another seed', async () => {
    expect(await bytes({ sampler, seed: 2 })).not.toEqual(await bytes({ sampler }));
  });

  it.runIf('eta' in entry.options)('paints something else without fresh noise', async () => {
    const own = entry.options.eta ?? 0;
    expect(await bytes({ sampler, eta: own === 0 ? 1 : 0 })).not.toEqual(await bytes({ sampler }));
  });
});

describe.each(Object.keys(SCHEDULES) as ScheduleId[])('schedule %s', (schedule) => {
  it('paints', async () => {
    await paint({ schedule });
    expect(fake.unetCalls.length).toBeGreaterThan(0);
  });
});

describe.each(Object.keys(NOISES) as NoiseId[])('noise %s', (noise) => {
  it('has a picture of its own, also along a Brownian path', async () => {
    const others = (Object.keys(NOISES) as NoiseId[]).filter((id) => id !== noise);
    for (const sampler of ['euler_ancestral', 'dpmpp_2m_sde'] as const) {
      const own = await bytes({ noise, sampler });
      for (const other of others)
        // ComfyUI's start and tree are those of the CPU generator; its draws on the way differ
        if (sampler === 'euler_ancestral' || ![noise, other].every((id) => id !== 'nv'))
          expect(await bytes({ noise: other, sampler })).not.toEqual(own);
    }
  });
});

describe('advanced settings', () => {
  it('move the start towards the variation seed, all the way at strength 1', async () => {
    const other = await bytes({ seed: 9 });
    expect(await bytes({ variationSeed: 9, variationStrength: 1 })).toEqual(other);
    const between = await bytes({ variationSeed: 9, variationStrength: 0.5 });
    expect(between).not.toEqual(other);
    expect(between).not.toEqual(await bytes());
  });

  it('take the noise of another size where asked', async () => {
    const resized = await bytes({ resizeSeedFromWidth: 32, resizeSeedFromHeight: 32 });
    expect(resized).not.toEqual(await bytes());
    expect(await bytes({ resizeSeedFromWidth: 64, resizeSeedFromHeight: 64 })).toEqual(await bytes());
  });

  it('give ancestral noise another seed, and leave samplers without it alone', async () => {
    expect(await bytes({ sampler: 'euler_ancestral', ensd: 31337 })).not.toEqual(
      await bytes({ sampler: 'euler_ancestral' }),
    );
    expect(await bytes({ ensd: 31337 })).toEqual(await bytes());
  });

  it('leave the negative out of the first half of the calls', async () => {
    await paint({ steps: 10, skipEarlyCfg: 0.5 });
    expect(batchSizes()).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('leave the negative out of every second call below a sigma', async () => {
    await paint({ steps: 4, ngms: 15 });
    expect(batchSizes()).toEqual([2, 1, 2, 1]);
    await paint({ steps: 4, ngms: 15, ngmsAllSteps: true });
    expect(batchSizes()).toEqual([1, 1, 1, 1]);
  });

  it('rescale the contrast', async () => {
    const secondInput = async (changes: Partial<GenerationRequest>): Promise<number[]> => {
      await paint({ cfgScale: 20, ...changes });
      return [...fake.unetCalls[1]['sample'].data];
    };
    expect(await secondInput({ cfgRescale: 0.7 })).not.toEqual(await secondInput({}));
  });

  it('narrow the sigmas', async () => {
    await paint({ schedule: 'karras', sigmaMax: 5, sigmaMin: 0.5 });
    const spread = (data: ArrayLike<number>): number =>
      Math.sqrt(Array.from(data).reduce((sum, v) => sum + v * v, 0) / data.length);
    // the model's input is x / √(σ² + 1) with x = 5 · noise
    expect(spread(fake.unetCalls[0]['sample'].data)).toBeCloseTo(5 / Math.sqrt(26), 1);
  });

  it('tell the model whole timesteps under ComfyUI’s rules, and fractions under A1111’s', async () => {
    const unetConfig = readUnetConfig('', FAKE_UNET);
    const whole = Array.from({ length: 1000 }, (_, t) => timestepWave(t, unetConfig));
    const countWhole = async (changes: Partial<GenerationRequest>): Promise<number> => {
      await paint({ schedule: 'karras', ...changes });
      const waves = fake.unetCalls.map((call) => call['timestep_wave'].data);
      return waves.filter((wave) => whole.some((of) => of.every((value, i) => Math.abs(value - wave[i]) < 1e-6)))
        .length;
    };
    // the first and the last of Karras are the model's own ends
    expect(await countWhole({})).toBe(2);
    expect(await countWhole({ conventions: 'comfyui' })).toBe(6);
    expect(await countWhole({ timestepRounding: 'nearest' })).toBe(6);
    expect(await countWhole({ conventions: 'comfyui', timestepRounding: 'fractional' })).toBeLessThan(6);
  });

  it('refuse what leaves no sigmas, in one sentence', async () => {
    await expect(paint({ schedule: 'karras', sigmaMin: 9, sigmaMax: 1 })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringMatching(/min sigma must be the smaller/) as string,
    });
  });

  it('run prompts joined by AND together with the negative', async () => {
    await paint({ prompt: 'a AND b:0.5', steps: 2 });
    expect(batchSizes()).toEqual([2, 1, 2, 1]);
  });

  it('switch the prompt on the way', async () => {
    await paint({ prompt: '[a:b:0.5]', steps: 4, cfgScale: 1 });
    const first = fake.unetCalls.map((call) => call['encoder_hidden_states'].data[8]);
    expect(first).toEqual([...'aaab'].map((letter) => letter.charCodeAt(0) % 17));
  });

  it('tell what was left out of the prompt', async () => {
    await paint({ prompt: 'a <lora:missing:0.8>' });
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    expect(notices).toEqual([expect.stringMatching(/lora:missing.*left out/)]);
  });
});
