/** The form's picture and the graph that is made of it: the same bytes, also where another checkpoint paints the second pass. */
import { beforeAll, describe, expect, it } from 'vitest';
import { promptOfRequest } from '../src/core/comfyui/from-request';
import type { ModelEntry } from '../src/core/catalog';
import type { ModelFamily } from '../src/core/families';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import type { GenerationRequest } from '../src/core/recipe/request';
import { workflowOf, type Workflow } from '../src/core/workflow';
import { refinerPartOf, secondPartOf } from '../src/core/workflow/second-part';
import { Engine } from '../src/engine/engine';
import { compiled } from './testing/compiled';
import { createNodePorts } from './testing/node-ports';
import { TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { importTiny } from './testing/tiny-pack';
import { createWordTokenizer } from './testing/word-tokenizer';

const entry = (id: string, family: ModelFamily): ModelEntry => ({
  ...{ ...TINY_ENTRY, id, name: id, family, source: { kind: 'imported' } },
});
const MODELS = [entry('small', 'sd15'), entry('large', 'sdxl'), entry('again', 'sd15'), entry('other', 'sd21')];
const [FIRST, LARGE, AGAIN, OTHER] = MODELS;

const REQUEST: GenerationRequest = {
  ...{ model: FIRST.id, prompt: 'a red apple', negativePrompt: 'dull', sampler: 'euler', schedule: 'normal' },
  ...{ noise: 'comfyui', dialect: 'comfyui', conventions: 'comfyui', steps: 2, cfgScale: 4, seed: 5 },
  ...{ width: 32, height: 48, denoisingStrength: 0.5, hiresScale: 1.5, hiresUpscaler: 'latent_nearest_exact' },
};

const store = memoryPacks();
const engine = new Engine(
  createNodePorts({
    packs: { open: (id) => Promise.resolve().then(() => store.open(id)) },
    createClipTokenizer: (padding) => Promise.resolve(createWordTokenizer(padding === 'zero' ? 0 : undefined)),
  }),
);

beforeAll(async () => {
  for (const { id, family = '' } of MODELS)
    await importTiny(tinyCase(family === 'sd21' ? 'sd21, v-prediction' : family), { store, id, plan: 'float32' });
});

async function bytesOf(workflow: Workflow): Promise<string> {
  const { images } = await engine.run(workflow, { models: MODELS }, () => undefined);
  expect(images).toHaveLength(1);
  return Buffer.from(images[0].data.buffer).toString('base64');
}

function graphOf(request: GenerationRequest, second?: ModelEntry): Workflow {
  const { prompt } = promptOfRequest(request, {
    model: request.model,
    ...(second && { second: { ...secondPartOf(FIRST, second), isFirst: second.id === FIRST.id } }),
  });
  return compiled(prompt, { find: (_, name) => name.replace(/\.safetensors$/, '') });
}

describe('a form and its graph', { timeout: 60_000 }, () => {
  it.each<[string, ModelEntry | undefined]>([
    ['the same checkpoint', undefined],
    ['another of the same latents', AGAIN],
    ['another of other latents', LARGE],
    ['the first by its own name', FIRST],
  ])('paint the same bytes where the second pass is by %s', async (_, second) => {
    const request = { ...REQUEST, ...(second && { hiresCheckpoint: second.name }) };
    const parts = second ? { second: secondPartOf(FIRST, second) } : {};
    expect(await bytesOf(graphOf(request, second))).toBe(await bytesOf(workflowOf(request, [], parts)));
  });

  const alone = { ...REQUEST, hiresScale: 1, steps: 6 };
  it.each<[string, Partial<GenerationRequest>, number]>([
    ['by steps', { refinerBySteps: true, refinerSwitchAt: 0.5 }, 3],
    ['by steps of another schedule', { refinerBySteps: true, refinerSwitchAt: 0.75, schedule: 'karras' }, 5],
  ])('paint the same bytes where a refiner takes over %s', async (_, more, step) => {
    const request = { ...alone, ...more, refinerCheckpoint: OTHER.name };
    const { prompt } = promptOfRequest(request, { model: FIRST.id });
    const halves = Object.values(prompt).filter(({ class_type: type }) => type === 'KSamplerAdvanced');
    expect(halves.map(({ inputs }) => [inputs['start_at_step'], inputs['end_at_step']])).toEqual([
      [0, step],
      [step, 10_000],
    ]);
    const parts = { refiner: refinerPartOf(OTHER, FIRST) };
    const whole = await bytesOf(workflowOf(request, [], parts));
    expect(await bytesOf(graphOf(request))).toBe(whole);
    expect(await bytesOf(workflowOf({ ...request, refinerCheckpoint: 'none' }))).not.toBe(whole);
  });
});
