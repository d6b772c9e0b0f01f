import { describe, expect, it } from 'vitest';
import manifest from '../../../models-manifest.json';
import { judge, parseCatalog, recommend, storedAs, type DeviceFacts } from '.';

const { models } = parseCatalog(manifest);
const model = (id: string) => models.find((entry) => entry.id === id) ?? models[0];

const FAST: DeviceFacts = {
  hasWebGpu: true,
  adapter: 'GPU',
  isSoftware: false,
  shaderF16: true,
  maxBufferBytes: 2 ** 31,
  tflops: 5,
};

describe('judge', () => {
  it('finds the starter good everywhere', () => {
    expect(judge(models[0], { ...FAST, hasWebGpu: false }).level).toBe('good');
  });

  it.each<{ on: string; id?: string; facts?: Partial<DeviceFacts>; free?: number; level: string; reason: RegExp }>([
    { on: 'a fast GPU', level: 'good', reason: /About 9 s a picture/ },
    {
      on: 'a GPU without 16-bit floats',
      facts: { shaderF16: false },
      level: 'good',
      reason: /4\.2 GB of GPU memory with 32-bit floats/,
    },
    { on: 'a slow GPU', facts: { tflops: 0.2 }, level: 'slow', reason: /minutes a picture/ },
    { on: 'software WebGPU', facts: { isSoftware: true, tflops: 0.001 }, level: 'slow', reason: /in software/ },
    { on: 'no WebGPU', facts: { hasWebGpu: false }, level: 'slow', reason: /on the CPU/ },
    {
      on: 'no WebGPU, with SDXL',
      id: 'sdxl-lightning-4',
      facts: { hasWebGpu: false },
      level: 'no',
      reason: /at most 3\.5 GB/,
    },
    {
      on: 'small buffers',
      facts: { maxBufferBytes: 2 ** 27 },
      level: 'no',
      reason: /buffers of 268 MB; this GPU allows 134 MB/,
    },
    { on: 'a full disk', free: 2e9, level: 'no', reason: /needs 3\.3 GB of storage.*2\.0 GB are free/ },
  ])('$on: $level', ({ id = 'sd-1.5', facts, free = 1e11, level, reason }) => {
    const verdict = judge(model(id), { ...FAST, ...facts }, free);
    expect(verdict.level).toBe(level);
    expect(verdict.reasons.join(' ')).toMatch(reason);
  });

  it.each([
    ['q8', '5.2'],
    ['q4', '4.1'],
    ['float16', '7.9'],
  ] as const)('counts the GPU memory of SDXL as it is to be stored: %s', (plan, gigabytes) => {
    const { reasons } = judge(storedAs(model('sdxl-turbo'), plan), FAST);
    expect(reasons.join(' ')).toContain(`about ${gigabytes} GB of GPU memory`);
  });

  it('does not hold it against a model that the browser does not tell its room', () => {
    expect(judge(model('sd-1.5'), FAST).level).toBe('good');
  });
});

describe('recommend', () => {
  it.each<[string, Partial<DeviceFacts>, number, string | undefined]>([
    ['a fast GPU with room', {}, 1e11, 'sdxl-lightning-4'],
    ['a fast GPU with little room', {}, 5e9, 'sd-1.5'],
    ['a middling GPU', { tflops: 0.37 }, 1e11, 'sdxl-lightning-4'],
    ['a GPU that SDXL does not fit', { maxBufferBytes: 2 ** 28 }, 1e11, 'sd-1.5'],
    ['software WebGPU', { isSoftware: true, tflops: 0.001 }, 1e11, undefined],
  ])('for %s', (_what, facts, free, id) => {
    expect(recommend(models, { ...FAST, ...facts }, free)?.entry.id).toBe(id);
  });

  it('names nothing that may not be used for everything', () => {
    const free = models.filter(({ licence }) => licence.commercialUse !== 'allowed');
    expect(free.length).toBeGreaterThan(0);
    expect(recommend(free, FAST, 1e11)).toBeUndefined();
  });
});
