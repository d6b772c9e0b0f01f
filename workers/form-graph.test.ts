/** The form's picture and the graph that is made of it: the same bytes, also where another checkpoint paints the second pass. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { promptOfRequest } from '../src/core/comfyui/from-request';
import type { ControlEntry, ModelEntry } from '../src/core/catalog';
import type { ModelFamily } from '../src/core/families';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import type { GenerationRequest } from '../src/core/recipe/request';
import { workflowOf, type Workflow } from '../src/core/workflow';
import { refinerPartOf, secondPartOf } from '../src/core/workflow/second-part';
import type { AdapterEntry, WorkflowInputs } from '../src/engine/api';
import { Engine } from '../src/engine/engine';
import { compiled } from './testing/compiled';
import { createNodePorts } from './testing/node-ports';
import { TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { importTinyControl } from './testing/tiny-control';
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

/** Under control a hint's maps are rounded otherwise in the last place, with and without a refiner: 4 bytes of 6144. */
const MAX_LEVELS = 1;

const store = memoryPacks();
const engine = new Engine(
  createNodePorts({
    packs: { open: (id) => Promise.resolve().then(() => store.open(id)) },
    createClipTokenizer: (padding) => Promise.resolve(createWordTokenizer(padding === 'zero' ? 0 : undefined)),
  }),
);

let controls: ControlEntry[];

beforeAll(async () => {
  controls = [await importTinyControl('control-sd15', { store, plan: 'float32' })];
  for (const { id, family = '' } of MODELS)
    await importTiny(tinyCase(family === 'sd21' ? 'sd21, v-prediction' : family), { store, id, plan: 'float32' });
});

async function bytesOf(workflow: Workflow, more: Omit<WorkflowInputs, 'models'> = {}): Promise<string> {
  const { images } = await engine.run(workflow, { models: MODELS, ...more }, () => undefined);
  expect(images).toHaveLength(1);
  return Buffer.from(images[0].data.buffer).toString('base64');
}

const NAMES = { find: (_: string, name: string) => name.replace(/\.(safetensors|png)$/, '') };

function graphOf(request: GenerationRequest, second?: ModelEntry): Workflow {
  const { prompt } = promptOfRequest(request, {
    model: request.model,
    ...(request.refinerCheckpoint === OTHER.name && {
      refiner: { isOtherFamily: refinerPartOf(OTHER, FIRST).isOtherFamily.first },
    }),
    ...(second && { second: { ...secondPartOf(FIRST, second), isFirst: second.id === FIRST.id } }),
  });
  return compiled(prompt, NAMES);
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

  it.each<[string, number, string[]]>([
    ['from the first step on', 0, ['other']],
    ['never', 0.99, ['small']],
    ['never, at the end', 1, ['small']],
  ])('paint the same bytes by one sampler where a refiner takes over %s', async (_, refinerSwitchAt, models) => {
    const request = { ...alone, refinerBySteps: true, refinerSwitchAt, refinerCheckpoint: OTHER.name };
    const { prompt } = promptOfRequest(request, { model: FIRST.id });
    const nodes = Object.values(prompt);
    expect(nodes.flatMap(({ class_type: type }) => (type.startsWith('KSampler') ? [type] : []))).toEqual(['KSampler']);
    expect(nodes.flatMap(({ inputs }) => ('ckpt_name' in inputs ? [inputs['ckpt_name']] : []))).toEqual(
      models.map((name) => `${name}.safetensors`),
    );
    const parts = { refiner: refinerPartOf(OTHER, FIRST) };
    expect(await bytesOf(graphOf(request))).toBe(await bytesOf(workflowOf(request, [], parts)));
  });

  it.each([0, 0.5])(
    'paint the same where a refiner of another family takes over at %d, with LoRAs and control for the first model alone',
    async (at) => {
      const tagged = { dialect: 'a1111', prompt: 'a red apple <lora:ink:0.7>' } as const;
      const request: GenerationRequest = {
        ...{ ...alone, ...tagged, refinerBySteps: true, refinerSwitchAt: at, refinerCheckpoint: OTHER.name },
        control: [{ model: 'control-sd15', image: 'hint' }],
      };
      const lora = await readFile(
        fileURLToPath(new URL('../src/engine/fixtures/pipelines/lora-sd15.safetensors', import.meta.url)),
      );
      const adapters: AdapterEntry[] = [
        { id: 'ink', names: ['ink'], revision: '1', file: new Blob([new Uint8Array(lora)]) },
      ];
      const [width, height] = [request.width, request.height];
      const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) =>
        i % 4 === 3 ? 255 : (i * 37) % 256,
      );
      const inputs = { adapters, controls, images: { hint: { width, height, data } } };
      const parts = { refiner: refinerPartOf(OTHER, FIRST) };
      const [graph, whole] = [graphOf(request), workflowOf(request, adapters, parts)];
      const levels = async (of: Workflow) => Buffer.from(await bytesOf(of, inputs), 'base64');
      const [made, wanted] = [await levels(graph), await levels(whole)];
      expect(Math.max(...made.map((level, i) => Math.abs(level - wanted[i])))).toBeLessThanOrEqual(MAX_LEVELS);
      const bare = await levels(workflowOf({ ...request, prompt: 'a red apple', control: [] }, [], parts));
      expect(bare.equals(wanted)).toBe(at === 0);
    },
  );
});
