/** A picture that is edited by its text, as a graph and as the form has it: the same bytes. */
import { expect, it } from 'vitest';
import { PARTS, promptFrom, SAMPLER } from '../src/core/comfyui/workflows/testing/prompts';
import type { ModelEntry } from '../src/core/catalog';
import type { Pixels } from '../src/core/image';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import { workflowOf, type Workflow } from '../src/core/workflow';
import { Engine } from '../src/engine/engine';
import { compiled } from './testing/compiled';
import { createNodePorts } from './testing/node-ports';
import { TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { importTiny } from './testing/tiny-pack';
import { createWordTokenizer } from './testing/word-tokenizer';

const MODEL: ModelEntry = { ...TINY_ENTRY, id: 'edits', name: 'edits', source: { kind: 'imported' } };
const picture: Pixels = {
  width: 32,
  height: 48,
  data: Uint8ClampedArray.from({ length: 4 * 32 * 48 }, (_, i) => (i % 4 === 3 ? 255 : (7 * i) % 200)),
};

it('a graph that edits a picture gives the bytes of the form', { timeout: 60_000 }, async () => {
  const store = memoryPacks();
  await importTiny(tinyCase('instruct'), { store, id: MODEL.id, plan: 'float32' });
  const engine = new Engine(
    createNodePorts({
      packs: { open: (id) => Promise.resolve().then(() => store.open(id)) },
      createClipTokenizer: (padding) => Promise.resolve(createWordTokenizer(padding === 'zero' ? 0 : undefined)),
    }),
  );
  const bytesOf = async (workflow: Workflow): Promise<string> => {
    const { images } = await engine.run(workflow, { models: [MODEL], images: { picture } }, () => undefined);
    return Buffer.from(images[0].data.buffer).toString('base64');
  };
  const prompt = promptFrom({
    '3': ['KSampler', { ...SAMPLER, ...PARTS, positive: ['5', 0], negative: ['5', 1], latent_image: ['5', 2] }],
    '4': ['CheckpointLoaderSimple', { ckpt_name: MODEL.id }],
    '5': ['InstructPixToPixConditioning', { positive: ['6', 0], negative: ['7', 0], vae: ['4', 2], pixels: ['10', 0] }],
    '6': ['CLIPTextEncode', { text: 'make it red', clip: ['4', 1] }],
    '7': ['CLIPTextEncode', { text: 'blue', clip: ['4', 1] }],
    '8': ['VAEDecode', { samples: ['3', 0], vae: ['4', 2] }],
    '9': ['SaveImage', { images: ['8', 0], filename_prefix: 'a' }],
    '10': ['LoadImage', { image: 'picture' }],
  });
  const form = workflowOf({
    ...{ model: MODEL.id, prompt: 'make it red', negativePrompt: 'blue', seed: 7, steps: 4, cfgScale: 4 },
    ...{ sampler: 'euler', schedule: 'normal', width: 32, height: 48, imageCfgScale: 1 },
    ...{ noise: 'comfyui', dialect: 'comfyui', conventions: 'comfyui', initImage: 'picture', denoisingStrength: 1 },
  });
  // The form noises the picture itself; the graph a latent of nothing.
  const empty = (one: Workflow): Workflow => ({
    ...one,
    nodes: one.nodes.flatMap((node) => {
      if (node.id !== 'sample') return [node];
      const first = { node: 'encode', output: 'latent' };
      const nothing = { id: 'nothing', operation: 'mix_latents', settings: { how: 'multiply' }, inputs: { first } } as const; // prettier-ignore
      return [nothing, { ...node, inputs: { ...node.inputs, latent: { node: 'nothing', output: 'latent' } } }];
    }),
  });
  const drawn = await bytesOf(compiled(prompt));
  expect(drawn).toBe(await bytesOf(empty(form)));
  expect(drawn).not.toBe(await bytesOf(form));
});
