/** Two checkpoints in one run, against torch with k-diffusion's samplers and A1111's rule (tools/fixtures/make_refiner.py). */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelEntry } from '../src/core/catalog';
import type { ModelFamily } from '../src/core/families';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import type { GenerationRequest } from '../src/core/recipe/request';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { EngineEvent, PictureInputs } from '../src/engine/api';
import { Engine } from '../src/engine/engine';
import fixture from '../src/engine/fixtures/pipelines/refiner.json';
import type { Ports } from '../src/engine/ports';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';
import { TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { openTinyControls } from './testing/tiny-control';
import { importTiny } from './testing/tiny-pack';
import { createWordTokenizer } from './testing/word-tokenizer';

/** Float32 on both sides; the sums run in another order. */
const MAX_ERROR = 1e-3;

const entry = (id: string, family: ModelFamily): ModelEntry => ({
  ...{ ...TINY_ENTRY, id, name: id, family, source: { kind: 'imported' } },
});
const MODELS = { sd15: entry('sd15', 'sd15'), 'sd21, v-prediction': entry('sd21, v-prediction', 'sd21') };
type Name = keyof typeof MODELS;
type Case = (typeof fixture.cases)[number];

const store = memoryPacks();
/** What the decoders were given last. */
let latent: number[] = [];

function portsWith(changes: Partial<Ports> = {}): Ports {
  return createNodePorts({
    packs: { open: (id) => Promise.resolve().then(() => store.open(id)) },
    createClipTokenizer: (padding) => Promise.resolve(createWordTokenizer(padding === 'zero' ? 0 : undefined)),
    createRuntime: () => {
      const runtime = createNodeRuntime();
      return Promise.resolve({
        ...runtime,
        createSession: async (...given: Parameters<typeof runtime.createSession>) => {
          const session = await runtime.createSession(...given);
          const run: typeof session.run = (inputs, beside) => {
            if ('latent_sample' in inputs || 'latent' in inputs)
              latent = [...((inputs['latent_sample'] ?? inputs['latent']).data as Float32Array)];
            return session.run(inputs, beside);
          };
          return { ...session, run, dispose: () => session.dispose() };
        },
      });
    },
    ...changes,
  });
}

const requestOf = ({ first, second, sampler, schedule, steps, at, bySteps }: Case): GenerationRequest => {
  const { prompt, negativePrompt, cfgScale, seed } = tinyCase('sd15');
  return {
    ...{ model: first, prompt, negativePrompt, cfgScale, seed, noise: 'cpu', width: 24, height: 16, steps },
    ...{ sampler: sampler as GenerationRequest['sampler'], schedule: schedule as GenerationRequest['schedule'] },
    ...{ refinerCheckpoint: second, refinerSwitchAt: at, refinerBySteps: bySteps },
  };
};

beforeAll(async () => {
  for (const id of Object.keys(MODELS)) await importTiny(tinyCase(id), { store, id, plan: 'float32' });
});

describe('a refiner', { timeout: 60_000 }, () => {
  const paint = async (
    one: Case,
    changes: Partial<GenerationRequest> = {},
    ports = portsWith(),
    more: PictureInputs = {},
  ) => {
    const events: EngineEvent[] = [];
    const engine = new Engine(ports);
    const request = { ...requestOf(one), ...changes };
    const { pixels } = await engine.generate(request, MODELS[one.first as Name], (event) => void events.push(event), {
      refiner: MODELS[one.second as Name],
      ...more,
    });
    const scaling = 0.3;
    return { pixels, events, latent: latent.map((value) => value * scaling) };
  };

  it.each(fixture.cases)(
    'that goes on from $first by $second, $sampler, at $at, by steps: $bySteps, ends where k-diffusion ends',
    async (one) => {
      const { latent: found, events } = await paint(one);
      const error = relativeError(found, one.latent);
      expect(error).toBeLessThan(MAX_ERROR);
      expect(error).toBeGreaterThan(0);
      expect(events.filter(({ type }) => type === 'call')).toHaveLength(one.calls);
      expect(events.flatMap((event) => (event.type === 'step' ? [event.step] : []))).toEqual([1, 2, 3, 4, 5, 6]);
    },
  );

  it.each([
    ['ends', { end: 0.3 }],
    ['begins', { start: 0.3 }],
  ])('goes on from a run that was forecast and in which a unit %s on the way', async (_, when) => {
    const { entries, packs } = await openTinyControls(['control-sd15']);
    const open = (id: string) => Promise.resolve().then(() => (id in MODELS ? store.open(id) : packs.open(id)));
    const data = new Uint8ClampedArray(4 * 24 * 16).map((_, i) => (i % 4 === 3 ? 255 : (i * 7) % 256));
    const changes: Partial<GenerationRequest> = {
      ...{ steps: 20, refinerSwitchAt: 0.8, refinerBySteps: true, speed: 'fast' },
      control: [{ model: 'control-sd15', image: 'hint', ...when }],
    };
    const one = fixture.cases.find(({ first, second, sampler }) => first !== second && sampler === 'euler');
    if (!one) throw new RangeError('no such case');
    const asked = { ...one, first: 'sd15', second: 'sd21, v-prediction' };
    const inputs = { controls: entries, images: { hint: { width: 24, height: 16, data } } };
    const { events } = await paint(asked, changes, portsWith({ packs: { open } }), inputs);
    const calls = events.filter(({ type }) => type === 'call').length;
    expect(calls).toBeGreaterThan(8);
    expect(calls).toBeLessThan(20);
  });
});
