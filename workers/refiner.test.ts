/** Two checkpoints in one run, against torch with k-diffusion's samplers and A1111's rule (tools/fixtures/make_refiner.py). */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelEntry } from '../src/core/catalog';
import type { ModelFamily } from '../src/core/families';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import type { GenerationRequest } from '../src/core/recipe/request';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { EngineEvent } from '../src/engine/api';
import { Engine } from '../src/engine/engine';
import fixture from '../src/engine/fixtures/pipelines/refiner.json';
import type { Ports } from '../src/engine/ports';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';
import { TINY_ENTRY, tinyCase } from './testing/paint-tiny';
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
  const paint = async (one: Case, changes: Partial<GenerationRequest> = {}, ports = portsWith()) => {
    const events: EngineEvent[] = [];
    const engine = new Engine(ports);
    const request = { ...requestOf(one), ...changes };
    const { pixels } = await engine.generate(request, MODELS[one.first as Name], (event) => void events.push(event), {
      refiner: MODELS[one.second as Name],
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
});
