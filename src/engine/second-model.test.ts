/** A second pass that is painted by another checkpoint. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelEntry } from '../core/catalog';
import type { GenerationRequest } from '../core/recipe/request';
import { workflowOf } from '../core/workflow';
import type { EngineEvent } from './api';
import { Engine } from './engine';
import { secondModelOf } from './run/second-model';
import { createFake, FAKE_ENTRY, type Fake } from './testing/fake-ports';

const FIRST: ModelEntry = { ...FAKE_ENTRY, family: 'sd15' };
const SECOND: ModelEntry = { ...FAKE_ENTRY, id: 'second', name: 'Second', family: 'sd21' };

const request: GenerationRequest = {
  model: 'fake',
  prompt: 'abc',
  negativePrompt: '',
  sampler: 'euler',
  schedule: 'automatic',
  noise: 'nv',
  steps: 3,
  cfgScale: 2,
  seed: 1,
  width: 64,
  height: 64,
  hiresScale: 2,
  hiresCheckpoint: 'second [0123456789]',
};

let fake: Fake;
let engine: Engine;
let events: EngineEvent[];

beforeEach(() => {
  fake = createFake();
  engine = new Engine(fake.ports);
  events = [];
});

const paint = (changes: Partial<GenerationRequest> = {}, secondModel: ModelEntry | undefined = SECOND) =>
  engine.generate({ ...request, ...changes }, FIRST, (event) => void events.push(event), {
    ...(secondModel && { secondModel }),
  });

const nodesOf = (hasOtherLatents: boolean, changes: Partial<GenerationRequest> = {}) =>
  workflowOf({ ...request, ...changes }, [{ id: 'lora', names: ['ink'] }], {
    second: { model: 'second', hasOtherLatents },
  }).nodes;

describe('the workflow of a second pass by another checkpoint', () => {
  const byModel = (id: string, nodes: ReturnType<typeof nodesOf>) =>
    nodes.find((node) => node.id === id)?.inputs['model']?.node;

  it('loads it after the first pass, hands it the latent, and develops with it', () => {
    const nodes = nodesOf(false);
    const ids = nodes.map(({ id }) => id);
    expect(ids.indexOf('model again')).toBeGreaterThan(ids.indexOf('sample'));
    expect(byModel('enlarge', nodes)).toBe('model');
    for (const id of ['positive again', 'sample again', 'decode']) expect(byModel(id, nodes), id).toBe('model again');
  });

  it('takes the LoRAs of the prompt along, and parts that fit its latents alone', () => {
    const changes = { prompt: 'abc <lora:ink:0.5>', vae: 'mine' };
    const nodes = nodesOf(false, changes);
    expect(byModel('sample again', nodes)).toBe('adapter 1 again');
    expect(byModel('adapter 1 again', nodes)).toBe('model with another VAE again');
    expect(nodes.find(({ id }) => id === 'positive again')?.settings['text']).toBe('abc ');
    expect(byModel('adapter 1 again', nodesOf(true, changes))).toBe('model again');
  });

  it('reads the picture again where its latents are others', () => {
    const nodes = nodesOf(true);
    expect(byModel('first', nodes)).toBe('model');
    for (const id of ['first, read again', 'enlarge']) expect(byModel(id, nodes), id).toBe('model again');
    const byNetwork = nodesOf(true, { hiresUpscaler: 'r_esrgan_animevideo' });
    expect(byNetwork.some(({ id }) => id === 'first, read again')).toBe(false);
    expect(byModel('enlarge', byNetwork)).toBe('model again');
  });

  it('is the plain one where it is the same model, or nothing is painted over', () => {
    const plain = workflowOf({ ...request, hiresCheckpoint: 'same' });
    expect(workflowOf(request, [], { second: { model: 'fake', hasOtherLatents: false } })).toEqual(plain);
    const still = { ...request, denoisingStrength: 0 };
    expect(workflowOf(still)).toEqual(workflowOf({ ...still, hiresCheckpoint: 'same' }));
  });

  it('names the one that is not here', () => {
    expect(() => workflowOf(request)).toThrow(/not here: second \[0123456789\]\. Add it under Models, or choose/);
  });
});

describe('a picture whose second pass another checkpoint paints', () => {
  it('loads one at a time, the second after the first pass, and says so', async () => {
    let most = 0;
    fake.before = () => void (most = Math.max(most, fake.alive.sessions));
    await paint();
    const stages = events.flatMap((event) => (event.type === 'stage' ? [event.stage] : []));
    const painting = stages.indexOf('denoising');
    expect(stages.indexOf('loading', painting)).toBeGreaterThan(painting);
    expect(stages.filter((stage) => stage === 'denoising')).toHaveLength(2);
    const together = most;
    most = 0;
    await engine.generate({ ...request, hiresCheckpoint: 'same' }, FIRST, () => undefined);
    expect(together).toBe(most);
  });

  it('is another picture of another size than without a second pass, and the same twice', async () => {
    const one = await paint();
    expect(one.pixels.width).toBe(128);
    expect([...(await paint()).pixels.data]).toEqual([...one.pixels.data]);
  });

  it('refuses a model that paints one size', async () => {
    const small = { ...SECOND, size: { min: 128, max: 128, step: 32 } };
    await expect(paint({}, small)).rejects.toMatchObject({
      code: 'bad-request',
      message: 'Second paints 128 pixels a side and no more: choose another Hires checkpoint.',
    });
  });

  it('leaves LoRAs of another family out of the second pass, and names them', () => {
    const asked = { ...request, prompt: 'abc <lora:ink:0.5>' };
    const adapters = [{ id: 'lora', names: ['ink'], revision: '1', file: new Blob([]) }];
    const { part, notice } = secondModelOf(asked, FIRST, { secondModel: SECOND, adapters });
    expect(notice).toBe('The LoRAs ink are for Fake and left out of the second pass.');
    const { nodes } = workflowOf(asked, adapters, part);
    expect(nodes.filter(({ operation }) => operation === 'add_adapter').map(({ id }) => id)).toEqual(['adapter 1']);
    expect(nodes.find(({ id }) => id === 'positive again')?.settings['text']).toBe('abc ');
    const alike = secondModelOf(asked, FIRST, { secondModel: { ...SECOND, family: 'sd15' }, adapters });
    expect(alike.notice).toBeUndefined();
    expect(workflowOf(asked, adapters, alike.part).nodes.some(({ id }) => id === 'adapter 1 again')).toBe(true);
  });

  it('neither loads nor speaks of a second model that has nothing to paint', async () => {
    const small = { ...SECOND, family: 'sdxl' as const, size: { min: 128, max: 128, step: 32 } };
    const { pixels } = await paint({ denoisingStrength: 0 }, small);
    expect(pixels.width).toBe(128);
    expect(events.filter(({ type }) => type === 'notice')).toEqual([]);
  });

  it('says that a model of other latents reads the picture again', async () => {
    const other: ModelEntry = { ...SECOND, family: 'sdxl' };
    await paint({}, other).catch(() => undefined); // the fake has no encoder
    expect(events.flatMap((event) => (event.type === 'notice' ? [event.message] : []))).toContain(
      'Second has other latents than Fake: the first pass was developed, and read again by Second, before it was enlarged.',
    );
  });
});
