/** Easy-Use's pipe: loader, settings and sampler, and what each of them is told. */
import { describe, expect, it } from 'vitest';
import { toPrompt } from '../convert';
import { readDocument, type Json } from '../document';
import { compile, settingsOf, type Nodes } from '../testing/compiled';
import { PARTS, SAMPLER } from '../testing/prompts';

const LOADED: Nodes = { '19': ['LoadImage', { image: 'a.png' }] };

const without = (name: string, inputs: object): Record<string, Json> =>
  Object.fromEntries(Object.entries(inputs).filter(([one]) => one !== name));

const WHOLE = {
  ...{ ckpt_name: 'starter', vae_name: 'Baked VAE', clip_skip: -2, lora_name: 'None' },
  ...{ lora_model_strength: 1, lora_clip_strength: 1, empty_latent_width: 64, empty_latent_height: 64 },
};
const TEXTS = { positive: 'a cat', negative: 'a dog', batch_size: 1, resolution: '512 x 768' };
const EASY: Nodes = {
  '30': ['easy comfyLoader', { ...WHOLE, ...TEXTS }],
  '31': ['easy preSampling', { pipe: ['30', 0], steps: 9, cfg: 5, sampler_name: 'euler', scheduler: 'karras', denoise: 1, seed: 3 }], // prettier-ignore
  '9': ['easy kSampler', { pipe: ['31', 0], image_output: 'Save', link_id: 0, save_prefix: 'easy' }],
};

describe('a pipe of Easy-Use', () => {
  it('is the picture of its three nodes', () => {
    expect(settingsOf(EASY, 'sample')).toMatchObject([{ steps: 9, cfgScale: 5, schedule: 'karras', seed: 3 }]);
    expect(settingsOf(EASY, 'empty_latent')).toEqual([{ height: 768 }]);
    const texts = settingsOf(EASY, 'encode_text').map(({ text, clipSkip }) => [text, clipSkip]);
    expect(texts).toEqual([
      ['a cat', 2],
      ['a dog', 2],
    ]);
    expect(compile(EASY).pictures).toMatchObject([{ node: '9', isSaved: true, prefix: 'easy' }]);
  });

  it('has the LoRAs of its texts, and says whose weights are counted otherwise', () => {
    const tagged = { ...WHOLE, ...TEXTS, positive: 'a (cat:1.2) <lora:fur:0.7:0.3>' };
    const nodes: Nodes = { ...EASY, '30': ['easy a1111Loader', tagged] };
    expect(settingsOf(nodes, 'add_adapter')).toEqual([{ adapter: 'fur.safetensors', denoiser: 0.7, text: 0.3 }]);
    expect(settingsOf(nodes, 'encode_text')[0]).toMatchObject({ text: 'a (cat:1.2) ' });
    expect(compile(nodes).notices.join()).toMatch(/as ComfyUI's own nodes count them/);
    expect(compile({ ...EASY, '30': ['easy a1111Loader', { ...WHOLE, ...TEXTS }] }).notices).toEqual([]);
  });
});

describe('what a pipe of Easy-Use is told', () => {
  const WEIGHED = Object.fromEntries(
    ['positive', 'negative'].flatMap((side) => [
      [`${side}_token_normalization`, 'none'],
      [`${side}_weight_interpretation`, 'comfy'],
    ]),
  );
  const loader = (more: object): Nodes => ({
    '30': ['easy fullLoader', { ...WHOLE, ...TEXTS, ...WEIGHED, config_name: 'Default', ...more }],
  });
  const setting = (more: object): Nodes => {
    const [type, inputs] = EASY['31'];
    return { '31': [type, { ...inputs, ...more }] };
  };
  const messages = (nodes: Nodes): string =>
    compile(nodes)
      .problems.map(({ message }) => message)
      .join();
  const FULL = {
    ...{ pipe: ['30', 0], steps: 9, cfg: 5, sampler_name: 'euler', scheduler: 'karras', denoise: 0.5 },
    ...{ image_output: 'Save', link_id: 0, save_prefix: 'easy', seed: 3 },
  };
  const full = (more: object): Nodes => ({
    ...LOADED,
    '30': EASY['30'],
    '9': ['easy fullkSampler', { ...FULL, ...more }],
  });

  it('a picture to start from where no latent is joined', () => {
    expect(settingsOf(full({ image: ['19', 0] }), 'encode_image')).toHaveLength(1);
    expect(settingsOf(full({}), 'encode_image')).toEqual([]);
    const both = full({ image: ['19', 0], latent: ['5', 0] });
    expect(settingsOf(both, 'encode_image')).toEqual([]);
  });

  it('a picture before a latent, as often as the loader says', () => {
    const both = { ...LOADED, ...setting({ image_to_latent: ['19', 0], latent: ['5', 0], denoise: 0.5 }) };
    expect(settingsOf({ ...EASY, ...both }, 'encode_image')).toHaveLength(1);
    const twice = { ...EASY, ...both, ...loader({ batch_size: 2 }) };
    expect(settingsOf(twice, 'sample')).toMatchObject([
      { seed: 3, batchSize: 2 },
      { seed: 3, batchIndex: 1, batchSize: 2 },
    ]);
    expect(messages({ ...EASY, ...loader({ batch_size: 100 }) })).toMatch(
      /makes 100 pictures at once; 64 are the most/,
    );
  });

  it('a seed, by its older name too, which the pipe hands on', () => {
    const unsaid = without('seed', EASY['31'][1]);
    const old: Nodes = { ...EASY, '31': ['easy preSampling', { ...unsaid, seed_num: 12 }] };
    expect(settingsOf(old, 'sample')).toMatchObject([{ seed: 12 }]);
    const out: Nodes = {
      ...old,
      '32': ['easy pipeOut', { pipe: ['31', 0] }],
      '3': ['KSampler', { ...SAMPLER, ...PARTS, seed: ['32', 8] }],
    };
    expect(settingsOf({ ...out, '9': ['PreviewImage', { images: ['8', 0] }] }, 'sample')).toMatchObject([{ seed: 12 }]);
  });

  it('no seed of its own, and takes that of the pipe', () => {
    const unsaid = without('seed', { ...FULL, pipe: ['31', 0] });
    const nodes: Nodes = { ...EASY, '9': ['easy fullkSampler', { ...unsaid, image_output: 'Save' }] };
    expect(settingsOf(nodes, 'sample')).toMatchObject([{ seed: 3 }]);
  });

  it('noise of the GPU by a1111_prompt_style, one picture at a time', () => {
    const styled = (more: object) => ({ ...EASY, ...loader({ a1111_prompt_style: true, ...more }) });
    const noiseOf = (nodes: Nodes) => settingsOf(nodes, 'sample').map(({ noise = 'nv' }) => noise);
    expect(noiseOf(styled({}))).toEqual(['nv']);
    expect(noiseOf({ ...EASY, ...loader({}) })).toEqual(['comfyui']);
    expect(compile(styled({})).notices).toEqual([]);
    expect(compile(styled({ positive: 'a (cat:1.2)' })).notices.join()).toMatch(/as ComfyUI's own nodes count them/);
    expect(compile(styled({ positive: 'a [cat:dog:0.5]' })).notices.join()).toMatch(/Editing of texts/);
    expect(messages(styled({ batch_size: 2 }))).toMatch(/noise of the GPU for several pictures/);
  });

  it.each([
    ['Preview&Choose', [{ isSaved: false }]],
    ['Hide&Save', [{ isSaved: true, prefix: 'easy' }]],
    ['Hide/Save', [{ isSaved: true }]],
    ['Sender&Save', [{ isSaved: true }]],
    ['Sender', [{ isSaved: false }]],
    ['None', []],
    ['Hide', []],
  ])('to show its picture: %s', (image_output, pictures) => {
    const shows: Nodes[string] = [EASY['9'][0], { ...EASY['9'][1], image_output }];
    const saved: Nodes[string] = ['SaveImage', { images: ['9', 1], filename_prefix: 'end' }];
    const { pictures: kept, problems } = compile({ ...EASY, '9': shows, '10': saved });
    expect(problems).toEqual([]);
    expect(kept.filter(({ node }) => node === '9')).toMatchObject(pictures);
    expect(kept).toHaveLength(pictures.length + 1);
  });

  it('how many layers of the text encoder are left out, which is 2 at first', () => {
    const node = { id: 1, type: 'easy comfyLoader', pos: [0, 0], size: [1, 1], flags: {}, order: 0, mode: 0 };
    const file = { nodes: [{ ...node, inputs: [], outputs: [], properties: {}, widgets_values: ['a', 'Baked VAE'] }], links: [], version: 0.4 }; // prettier-ignore
    expect(toPrompt(readDocument(file as unknown as Json))['1'].inputs).toMatchObject({ clip_skip: -2 });
  });
});
