/** What is run again of a ComfyUI graph after a change: what depends on it, as in ComfyUI. */
import { describe, expect, it } from 'vitest';
import { compilePrompt, validatePrompt } from '../../core/comfyui/workflows';
import { promptFrom, SAMPLER, TEXT_TO_PICTURE } from '../../core/comfyui/workflows/testing/prompts';
import { Engine } from '../engine';
import { createFake, FAKE_ENTRY } from '../testing/fake-ports';
import type { EngineEvent } from '../api';

type Nodes = Parameters<typeof promptFrom>[0];

/** Two samplers, one behind the other, each with a picture. */
const TWICE: Nodes = {
  ...TEXT_TO_PICTURE,
  '4': ['CheckpointLoaderSimple', { ckpt_name: FAKE_ENTRY.id }],
  '5': ['EmptyLatentImage', { width: 64, height: 64, batch_size: 1 }],
  '10': ['LatentUpscaleBy', { samples: ['3', 0], upscale_method: 'nearest-exact', scale_by: 1 }],
  '13': ['KSampler', { ...SAMPLER, seed: 9, denoise: 0.5, model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['10', 0] }], // prettier-ignore
  '18': ['VAEDecode', { samples: ['13', 0], vae: ['4', 2] }],
  '19': ['SaveImage', { images: ['18', 0], filename_prefix: 'second' }],
};
const changed = (id: string, inputs: object): Nodes => ({
  ...TWICE,
  [id]: [TWICE[id][0], { ...TWICE[id][1], ...inputs }],
});

/** A page's engine: what ran is kept from graph to graph. */
function running() {
  const engine = new Engine(createFake().ports);
  return async (nodes: Nodes) => {
    const prompt = promptFrom(nodes);
    const { workflow, problems } = compilePrompt(prompt, validatePrompt(prompt).outputs);
    expect(problems).toEqual([]);
    if (!workflow) throw new Error('it compiles');
    const events: EngineEvent[] = [];
    const { images } = await engine.run(
      workflow,
      { models: [FAKE_ENTRY], keepsLatents: true },
      (event) => void events.push(event),
    );
    const ran = events.flatMap((event) => (event.type === 'node' && event.state === 'done' ? [event.node] : []));
    return { images, samplers: workflow.nodes.filter(({ id, operation }) => operation === 'sample' && ran.includes(id)).length, texts: workflow.nodes.filter(({ id, operation }) => operation === 'encode_text' && ran.includes(id)).length }; // prettier-ignore
  };
}

describe('a graph that is run again', () => {
  it.each<[string, Nodes, samplers: number, texts: number]>([
    ['nothing, but what saves', changed('19', { filename_prefix: 'other' }), 0, 0],
    ['the second sampler, for its seed', changed('13', { seed: 10 }), 1, 0],
    ['both, for the first’s seed', changed('3', { seed: 10 }), 2, 0],
    ['both, and the text that is another', changed('7', { text: 'green' }), 2, 1],
  ])('runs %s', async (_, nodes, samplers, texts) => {
    const run = running();
    const first = await run(TWICE);
    expect([first.samplers, first.texts]).toEqual([2, 2]);
    const second = await run(nodes);
    expect([second.samplers, second.texts]).toEqual([samplers, texts]);
    expect(second.images, 'as a fresh engine paints it').toEqual((await running()(nodes)).images);
  });
});
