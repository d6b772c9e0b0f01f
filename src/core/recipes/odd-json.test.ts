/** JSON of servers, queues, sites and tools, in places and shapes that no document names. */
import { describe, expect, it } from 'vitest';
import { GRAPH, notesOf, read, SAID, SIZE, SWARM, INVOKE } from './testing/program-json';

const PLAIN = { prompt: 'a stone bridge', negative_prompt: 'mist', seed: 77, ...SIZE };
const PARAMS = { ...PLAIN, steps: 18, cfgScale: 5.5, scheduler: 'DPM2MKarras', clipSkip: 2 };
const NODES = Object.entries(GRAPH).map(([id, node]) => ({ id, ...node }));

describe('a graph of ComfyUI', () => {
  it.each<[string, unknown]>([
    ['in the history', { abc: { prompt: [3, 'abc', GRAPH, { extra_pnginfo: {} }, ['9']], outputs: {}, status: {} } }],
    ['in the queue', { queue_running: [[3, 'abc', GRAPH, {}, ['9']]], queue_pending: [] }],
    ['under a key of a server', { workflow_api: GRAPH, images: [] }],
    ['of Civitai’s orchestrator', { $type: 'comfy', input: { comfyWorkflow: GRAPH } }],
    ['as a list of nodes', NODES],
    ['as a text under a key of its own', { name: 'x', graph_json: JSON.stringify(GRAPH) }],
    ['below comments', `// mine\n# from afar\n${JSON.stringify(GRAPH, null, 1)}`],
    ['as Python prints it', pythonOf(GRAPH)],
  ])('%s is read', (_, json) => {
    expect(read(json)).toMatchObject({ form: 'comfyui', recipe: SAID });
  });

  it('that was cut has no words of links for prompts', () => {
    const cut = JSON.stringify(GRAPH).slice(0, -30);
    expect(read(cut).recipe).toEqual({ prompt: '', negativePrompt: '' });
    expect(notesOf(cut)).toMatch(/cut or damaged/);
    expect(notesOf("{'3': {'class_type': 'KSam")).toMatch(/cut or damaged/);
  });
});

describe('JSON that lacks a part', () => {
  it.each<[string, unknown, object]>([
    [
      'NovelAI’s captions',
      {
        v4_prompt: { caption: { base_caption: 'a stone bridge', char_captions: [{ char_caption: 'a fisher' }] } },
        v4_negative_prompt: { caption: { base_caption: 'mist' } },
        seed: 77,
      },
      { prompt: 'a stone bridge', negativePrompt: 'mist', seed: 77 },
    ],
    [
      'the configuration of Draw Things, which has no prompts',
      { ...SIZE, steps: 18, sampler: 0, guidanceScale: 5.5, seed: 77, model: 'orchard.ckpt', strength: 1, shift: 1 },
      { ...SAID, prompt: '', negativePrompt: '', model: 'orchard' },
    ],
  ])('is read: %s', (_, json, said) => {
    expect(read(json).recipe).toMatchObject(said);
  });

  it.each([
    JSON.stringify(JSON.stringify(GRAPH)).slice(1, -1),
    JSON.stringify(JSON.stringify(GRAPH, null, 1)).slice(1, -1),
  ])('is read where its quotes are escaped', (text) => {
    expect(read(text)).toMatchObject({ form: 'comfyui', recipe: SAID });
    expect(read(text.slice(0, -30)).recipe).toEqual({ prompt: '', negativePrompt: '' });
  });
});

describe('the editor’s graph of another tool', () => {
  it.each([
    ['with texts for ids', String, String],
    ['with words for links', (id: number) => id, (id: number) => `link-${id}`],
    ['with texts in inputs alone', (id: number) => id, (id: number, isInput?: boolean) => (isInput ? String(id) : id)],
  ])('%s is read', (_, nodeId, linkId) => {
    expect(read(workflow(nodeId, linkId))).toMatchObject({ form: 'comfyui', recipe: SAID });
  });
});

describe('JSON of programs', () => {
  it.each<[string, unknown, object]>([
    [
      'Leonardo',
      {
        generations_by_pk: {
          prompt: 'a stone bridge',
          negativePrompt: 'mist',
          imageWidth: 576,
          imageHeight: 704,
          inferenceSteps: 18,
          seed: 77,
          scheduler: 'EULER_DISCRETE',
          guidanceScale: 5.5,
        },
      },
      { sampler: 'euler', schedule: undefined },
    ],
    [
      'SeaArt',
      {
        ...PLAIN,
        steps: 18,
        cfg_scale: 5.5,
        sampler_name: 'DPM++ 2M Karras',
        lora_list: [{ lora_name: 'ink', strength: 0.8 }],
      },
      { loras: [{ name: 'ink', unet: 0.8, text: 0.8 }] },
    ],
    [
      'DiffusionBee',
      {
        prompt: 'a stone bridge',
        negative_prompt: 'mist',
        seed: 77,
        img_width: 576,
        img_height: 704,
        ddim_steps: 18,
        scale: 5.5,
        sampler: 'DPM++ 2M Karras',
        selected_lora: 'ink',
        lora_weight: 0.8,
        num_imgs: 4,
        applet_name: 'txt2img',
      },
      { loras: [{ name: 'ink', unet: 0.8, text: 0.8 }] },
    ],
    [
      'NMKD',
      {
        prompt: 'a stone bridge',
        negPrompt: 'mist',
        steps: 18,
        scale: 5.5,
        seed: 77,
        res: { Width: 576, Height: 704 },
        sampler: 'DPM++ 2M Karras',
      },
      {},
    ],
    [
      'tags in a key of their own',
      { ...PLAIN, steps: 18, cfg: 5.5, sampler: 'DPM++ 2M Karras', loras: '<lora:ink:0.8> <lora:fog:0.3>' },
      {
        loras: [
          { name: 'ink', unet: 0.8, text: 0.8 },
          { name: 'fog', unet: 0.3, text: 0.3 },
        ],
      },
    ],
    [
      'SwarmUI’s weights of both parts',
      { sui_image_params: { ...SWARM, loras: ['ink'], loraweights: ['0.8'], loratencweights: ['0.5'] } },
      { loras: [{ name: 'ink', unet: 0.8, text: 0.5 }] },
    ],
    ['SwarmUI’s request', { session_id: 'x', images: 1, ...SWARM, swarm_version: undefined }, { noise: 'comfyui' }],
    [
      'InvokeAI’s guidance of Flux',
      { ...INVOKE, cfg_scale: undefined, guidance: 4 },
      { cfgScale: undefined, other: { 'Distilled CFG Scale': '4' } },
    ],
    ['Civitai’s jobs', { steps: [{ $type: 'textToImage', input: { params: PARAMS } }] }, {}],
  ])('of %s is read', (_, json, more) => {
    const wanted = { ...SAID, ...more };
    expect({ cfgScale: undefined, schedule: undefined, ...read(json).recipe }).toMatchObject(wanted);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'SwarmUI’s LoRA of a part',
      { sui_image_params: { ...SWARM, loras: ['ink'], loraweights: ['1'], lorasectionconfinement: ['12'] } },
      /for a part or a pass alone/,
    ],
    [
      'InvokeAI’s regions',
      { ...INVOKE, canvas_v2_metadata: { regionalGuidance: [{ positivePrompt: 'a cat' }], inpaintMasks: [] } },
      /prompts of regions/,
    ],
    ['InvokeAI’s reference images', { ...INVOKE, ref_images: [{ id: 'x' }] }, /reference images/],
  ])('of %s names what is missing', (_, json, note) => expect(notesOf(json)).toMatch(note));

  it.each<[string, unknown]>([
    ['an editor', { ui: { prompt: 'Press any key' }, animation: { steps: 4 }, window: { width: 800, height: 600 } }],
    ['a terminal', { terminal: { prompt: 'PS1' }, editor: { steps: 2 } }],
    ['a package', { name: 'pkg', scripts: { prompt: 'x' }, dependencies: { steps: '1.0' } }],
    ['a game', { world: { seed: 77 }, dialog: { prompt: 'Who goes there?' }, path: { steps: 4 } }],
  ])('with the settings of %s is no recipe', (_, json) => {
    expect(read(json).recipe.prompt).toBe('');
    expect(notesOf(json)).toMatch(/of no kind that is known/);
  });

  it.each(['image', 'init_image', 'source_image', 'mask'])('keeps how strongly "%s" is changed', (key) => {
    const json = { ...PLAIN, steps: 18, denoising_strength: 0.75, enable_hr: false };
    expect(read({ ...json, [key]: 'aGVsbG8=' }).recipe.denoisingStrength).toBe(0.75);
    expect(read(json).recipe.denoisingStrength).toBeUndefined();
  });

  it('of NovelAI’s server has its prompt beside the settings, or in the caption', () => {
    const parameters = { steps: 28, scale: 5, seed: 7, sampler: 'k_euler', noise_schedule: 'karras', uc: 'mist' };
    const caption = { v4_prompt: { caption: { base_caption: 'a bridge', char_captions: [] } } };
    expect(read({ input: 'a bridge', action: 'generate', parameters }).recipe.prompt).toBe('a bridge');
    expect(read({ ...parameters, ...caption, uncond_scale: 0.0 })).toMatchObject({
      recipe: { prompt: 'a bridge', negativePrompt: 'mist' },
      notes: [],
    });
    const vibe = { ...parameters, prompt: 'a', reference_strength_multiple: [0.6], reference_image_multiple: ['x'] };
    expect(notesOf(vibe).match(/vibe/g)).toHaveLength(1);
  });
});

function pythonOf(json: unknown): string {
  return JSON.stringify({ ...(json as object), '99': { is_changed: ['%'], _meta: null } })
    .replaceAll('"%"', "float('nan'), nan")
    .replaceAll('null', 'None')
    .replaceAll('"', "'");
}

type Id = number | string;

function workflow(nodeId: (id: number) => Id, linkId: (id: number, isInput?: boolean) => Id) {
  const links: [number, number, number, number, number, string][] = [
    [1, 4, 0, 3, 0, 'MODEL'],
    [2, 4, 1, 6, 0, 'CLIP'],
    [3, 4, 1, 7, 0, 'CLIP'],
    [4, 6, 0, 3, 1, 'CONDITIONING'],
    [5, 7, 0, 3, 2, 'CONDITIONING'],
    [6, 5, 0, 3, 3, 'LATENT'],
    [7, 3, 0, 8, 0, 'LATENT'],
    [8, 4, 2, 8, 1, 'VAE'],
    [9, 8, 0, 9, 0, 'IMAGE'],
  ];
  const types: [number, string, string[], unknown[]][] = [
    [4, 'CheckpointLoaderSimple', [], ['orchard.safetensors']],
    [5, 'EmptyLatentImage', [], [576, 704, 1]],
    [6, 'CLIPTextEncode', ['clip'], ['a stone bridge']],
    [7, 'CLIPTextEncode', ['clip'], ['mist']],
    [3, 'KSampler', ['model', 'positive', 'negative', 'latent_image'], [77, 'fixed', 18, 5.5, 'dpmpp_2m', 'karras', 1]],
    [8, 'VAEDecode', ['samples', 'vae'], []],
    [9, 'SaveImage', ['images'], ['x']],
  ];
  return {
    version: 0.4,
    nodes: types.map(([id, type, inputs, widgets_values]) => ({
      id: nodeId(id),
      type,
      mode: 0,
      widgets_values,
      inputs: inputs.map((name, slot) => {
        const link = links.find(([, , , to, at]) => to === id && at === slot);
        return { name, type: link?.[5], link: link ? linkId(link[0], true) : null };
      }),
      outputs: [0, 1, 2].map((slot) => ({
        name: String(slot),
        type: links.find(([, from, at]) => from === id && at === slot)?.[5] ?? '*',
        links: links.filter(([, from, at]) => from === id && at === slot).map(([link]) => linkId(link)),
      })),
    })),
    links: links.map(([id, from, at, to, slot, type]) => [linkId(id), nodeId(from), at, nodeId(to), slot, type]),
  };
}
