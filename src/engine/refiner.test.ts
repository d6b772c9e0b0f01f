/** Another checkpoint that takes over on the way. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelEntry } from '../core/catalog';
import type { GenerationRequest } from '../core/recipe/request';
import { workflowOf, workflowProblems, type Parts } from '../core/workflow';
import type { EngineEvent, PictureInputs } from './api';
import { Engine } from './engine';
import { refinerOf } from './run/refiner';
import { createFake, FAKE_ENTRY, type Fake } from './testing/fake-ports';

const FIRST: ModelEntry = { ...FAKE_ENTRY, family: 'sd15' };
const REFINER: ModelEntry = { ...FAKE_ENTRY, id: 'refiner', name: 'Refiner', family: 'sd21' };
const PART: Parts['refiner'] = { model: 'refiner', isOtherFamily: { first: false, second: false } };

const PLAIN: GenerationRequest = {
  ...{ model: 'fake', prompt: 'abc', negativePrompt: '', sampler: 'euler', schedule: 'automatic', noise: 'nv' },
  ...{ steps: 4, cfgScale: 2, seed: 1, width: 64, height: 64 },
};

const request: GenerationRequest = {
  ...PLAIN,
  ...{ refinerCheckpoint: 'refiner [0123456789]', refinerSwitchAt: 0.5, refinerBySteps: true },
};

let fake: Fake;
let engine: Engine;
let events: EngineEvent[];

beforeEach(() => {
  fake = createFake();
  engine = new Engine(fake.ports);
  events = [];
});

const paint = (changes: Partial<GenerationRequest> = {}, given: PictureInputs = { refiner: REFINER }) =>
  engine.generate({ ...request, ...changes }, FIRST, (event) => void events.push(event), given);

const nodesOf = (changes: Partial<GenerationRequest> = {}, refiner: Parts['refiner'] = PART) => {
  const workflow = workflowOf({ ...request, ...changes }, [{ id: 'lora', names: ['ink'] }], { refiner });
  expect(workflowProblems(workflow)).toEqual([]);
  return workflow.nodes;
};
const idsOf = (nodes: ReturnType<typeof nodesOf>): string[] => nodes.map(({ id }) => id);
const modelOf = (id: string, nodes: ReturnType<typeof nodesOf>) =>
  nodes.find((node) => node.id === id)?.inputs['model'];

describe('the workflow of a picture with a refiner', () => {
  it('has the run begun by the model, and loads the refiner after that', () => {
    const nodes = nodesOf();
    const ids = idsOf(nodes);
    expect(ids.indexOf('model of the refiner')).toBe(ids.indexOf('sample, begun') + 1);
    expect(nodes.find(({ id }) => id === 'sample')?.inputs).toMatchObject({
      model: { node: 'model of the refiner' },
      positive: { node: 'positive of the refiner' },
      negative: { node: 'negative of the refiner' },
      begun: { node: 'sample, begun', output: 'begun' },
    });
    expect(modelOf('decode', nodes)).toEqual({ node: 'sample', output: 'painter' });
  });

  it('takes the LoRAs of the prompt and a named VAE along, and leaves LoRAs of another family out', () => {
    const changes = { prompt: 'abc <lora:ink:0.5>', vae: 'mine' };
    expect(modelOf('sample', nodesOf(changes))?.node).toBe('adapter 1 of the refiner');
    expect(modelOf('adapter 1 of the refiner', nodesOf(changes))?.node).toBe('model with another VAE of the refiner');
    const other = nodesOf(changes, { model: 'refiner', isOtherFamily: { first: true, second: true } });
    expect(modelOf('sample', other)?.node).toBe('model with another VAE of the refiner');
    expect(other.find(({ id }) => id === 'positive of the refiner')?.settings['text']).toBe('abc ');
  });

  it.each([
    ['second', undefined, ['sample again, begun']],
    ['first', 'first', ['sample, begun']],
    ['both', 'both', ['sample, begun', 'sample again, begun']],
  ] as const)('is of the %s pass of hires. fix where it says %s', (_, refinerPasses, begun) => {
    const nodes = nodesOf({ hiresScale: 2, ...(refinerPasses && { refinerPasses }) });
    expect(idsOf(nodes).filter((id) => id.endsWith('begun'))).toEqual(begun);
    const isLast = refinerPasses !== 'first';
    expect(modelOf('decode', nodes)).toEqual(isLast ? { node: 'sample again', output: 'painter' } : { node: 'model', output: 'model' }); // prettier-ignore
  });

  it('is the plain one without it, with itself, and where its turn never comes', () => {
    const usual = workflowOf(PLAIN, [{ id: 'lora', names: ['ink'] }]).nodes;
    expect(nodesOf({ refinerCheckpoint: 'none' })).toEqual(usual);
    expect(nodesOf({ refinerSwitchAt: 1, refinerBySteps: false })).toEqual(usual);
    expect(nodesOf({}, { model: 'fake', isOtherFamily: { first: false, second: false } })).toEqual(usual);
    const second = { hiresScale: 2, denoisingStrength: 0 };
    expect(nodesOf(second)).toEqual(nodesOf({ ...second, refinerCheckpoint: 'none' }));
  });

  it('takes nothing of the first model along to the family of another second pass', () => {
    const changes = {
      prompt: 'abc <lora:ink:0.5>',
      vae: 'mine',
      textEncoder: 'clip',
      hiresScale: 2,
      hiresCheckpoint: 'xl',
    };
    const xl = { model: 'xl', hasOtherLatents: true, isOtherFamily: true };
    const parts = { refiner: PART, second: xl };
    const { nodes } = workflowOf({ ...request, ...changes }, [{ id: 'lora', names: ['ink'] }], parts);
    expect(modelOf('sample again', nodes)?.node).toBe('model of the refiner again');
    const own = workflowOf({ ...request, ...changes, hiresPrompt: 'def <lora:ink:1>' }, [{ id: 'lora', names: ['ink'] }], parts).nodes; // prettier-ignore
    expect(modelOf('sample again', own)?.node).toBe('adapter 1 of the refiner again');
    expect(modelOf('adapter 1 of the refiner again', own)?.node).toBe('model of the refiner again');
  });

  it('has a refiner of another family read the prompt by its own encoders', () => {
    const other = { model: 'refiner', isOtherFamily: { first: true, second: true } };
    const ids = idsOf(nodesOf({ textEncoder: 'clip', vae: 'mine' }, other));
    expect(ids).toContain('model with other text encoders');
    expect(ids).toContain('model with another VAE of the refiner');
    expect(ids).not.toContain('model with other text encoders of the refiner');
  });

  it('names the one that is not here', () => {
    expect(() => workflowOf(request)).toThrow(/The refiner is not here: refiner \[0123456789\]\. Add it under Models/);
  });
});

describe('a picture with a refiner', () => {
  /** The closed form is the same for both: a refiner that says the same changes nothing. */
  const plainBytes = async () => {
    const plain = await new Engine(createFake().ports).generate(
      { ...request, refinerCheckpoint: 'none' },
      FIRST,
      () => undefined,
    );
    return [...plain.pixels.data];
  };

  it.each([
    'euler',
    'dpmpp_2m',
    'heun',
    'euler_ancestral',
    'dpmpp_sde',
    'uni_pc',
    'plms',
    'restart',
    'dpm_adaptive',
  ] as const)('is one run by %s: with the same model behind both it is the plain picture', async (sampler) => {
    const one = await paint({ sampler });
    const calls = fake.unetCalls.length;
    fake.unetCalls.length = 0;
    const plain = await paint({ sampler, refinerCheckpoint: 'none' }, {});
    expect([...one.pixels.data]).toEqual([...plain.pixels.data]);
    expect(calls, 'no call is made twice').toBe(fake.unetCalls.length);
  });

  it('loads one model at a time, and tells each step once, in one pass', async () => {
    let most = 0;
    fake.before = () => void (most = Math.max(most, fake.alive.sessions));
    await paint();
    const stages = events.flatMap((event) => (event.type === 'stage' ? [event.stage] : []));
    expect(stages.indexOf('loading', stages.indexOf('denoising'))).toBeGreaterThan(0);
    const steps = events.flatMap((event) => (event.type === 'step' ? [event] : []));
    expect(steps.map(({ step, steps: all, pass }) => [step, all, pass])).toEqual(
      [1, 2, 3, 4].map((i) => [i, 4, undefined]),
    );
    const together = most;
    most = 0;
    await paint({ refinerCheckpoint: 'none' }, {});
    expect(together).toBe(most);
  });

  it('counts two passes where there are two, not three', async () => {
    await paint({ hiresScale: 2, refinerPasses: 'both' });
    const passes = events.flatMap((event) =>
      event.type === 'step' ? [`${event.pass?.pass}/${event.pass?.passes}:${event.step}`] : [],
    );
    expect(passes).toEqual(['1/2:1', '1/2:2', '1/2:3', '1/2:4', '2/2:1', '2/2:2', '2/2:3', '2/2:4']);
  });

  it.each([1, 3])('goes on after a lost device at call %i with the same bytes', async (lostAt) => {
    fake.onUnetCall = (index) => {
      if (index !== lostAt) return;
      fake.loseDevice();
      return new Promise<void>(() => undefined);
    };
    const { pixels, timings } = await paint();
    expect([...pixels.data]).toEqual(await plainBytes());
    expect(timings.modelCalls, 'answered').toBe(4);
    expect(fake.unetCalls).toHaveLength(5);
  });

  it('ends at a cancel in the second half', async () => {
    fake.onUnetCall = (index) => void (index === 3 && engine.cancel());
    await expect(paint()).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is developed by the model where the refiner’s turn did not come', async () => {
    const late = { refinerBySteps: false, refinerSwitchAt: 0.9999 };
    const { pixels } = await paint(late);
    expect([...pixels.data]).toEqual(await plainBytes());
    const stages = events.flatMap((event) => (event.type === 'stage' ? [event.stage] : []));
    expect(stages.filter((stage) => stage === 'denoising')).toHaveLength(2);
  });

  it('forecasts nothing across the switch', async () => {
    const asked = { steps: 20, speed: 'fast' } as const;
    const one = await paint(asked);
    expect(one.pixels.width).toBe(64);
    const told = events.flatMap((event) => (event.type === 'forecasts' ? [event] : []));
    expect(told).toHaveLength(1);
    expect(told[0].made).toBe(fake.unetCalls.length);
    expect([...(await paint(asked)).pixels.data]).toEqual([...one.pixels.data]);
  });
});

describe('refinerOf', () => {
  const adapters = [{ id: 'lora', names: ['ink'], revision: '1', file: new Blob([]) }];

  it('refuses other latents, of the model that begins the pass', () => {
    const large: ModelEntry = { ...REFINER, family: 'sdxl' };
    expect(() => refinerOf(request, FIRST, { refiner: large })).toThrow(
      'Refiner has other latents than Fake, with which it cannot go on: choose another Refiner checkpoint.',
    );
    const hires = { ...request, hiresScale: 2, hiresCheckpoint: 'xl' };
    const second: ModelEntry = { ...FAKE_ENTRY, id: 'xl', name: 'XL', family: 'sdxl' };
    expect(() => refinerOf(hires, FIRST, { refiner: REFINER, secondModel: second })).toThrow(/other latents than XL/);
    expect(refinerOf(hires, FIRST, { refiner: large, secondModel: second }).models).toEqual([large]);
  });

  it('asks for nothing where a picture is only made to fit', () => {
    const large: ModelEntry = { ...REFINER, family: 'sdxl' };
    const fitted = { ...request, initImage: 'x', denoisingStrength: 0 };
    expect(refinerOf(fitted, FIRST, { refiner: large }).models).toEqual([]);
  });

  it('refuses a model that paints one size, unless it is that', () => {
    const small = { ...REFINER, size: { min: 128, max: 128, step: 32 } };
    expect(() => refinerOf(request, FIRST, { refiner: small })).toThrow(/paints 128 pixels a side and no more/);
    expect(refinerOf({ ...request, width: 128, height: 128 }, FIRST, { refiner: small }).models).toEqual([small]);
  });

  it('names what is for another family alone', () => {
    const asked = { ...request, prompt: 'abc <lora:ink:0.5>', control: [{ model: 'edges', image: 'x' }] };
    expect(refinerOf(asked, FIRST, { refiner: REFINER, adapters }).notice).toBe(
      'Refiner is of another family: it goes on without the LoRAs ink and the control.',
    );
    const alike: ModelEntry = { ...REFINER, family: 'sd15' };
    expect(refinerOf({ ...request, textEncoder: 'clip' }, FIRST, { refiner: REFINER }).notice).toBe(
      'Refiner is of another family: it goes on without the text encoders of clip.',
    );
    expect(refinerOf(asked, FIRST, { refiner: alike, adapters }).notice).toBeUndefined();
  });
});
