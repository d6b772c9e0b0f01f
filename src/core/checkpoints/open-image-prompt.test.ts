/** IP-Adapters, vision encoders and networks that draw hints, told by their files; and their relatives, refused. */
import { describe, expect, it } from 'vitest';
import { elementCount } from '../graph';
import { FAMILY_CONFIGS } from '../families/configs';
import { openNetwork } from '../networks';
import { openControl } from './open-control';
import { readFixture, virtualSafetensors, type Shapes } from './testing/layouts';

/** tools/fixtures/make_image_prompt_shapes.py */
const published = readFixture<Record<string, Shapes>>('image-prompt-shapes.json.gz');

const open = (shapes: Shapes) => openControl([virtualSafetensors('file.safetensors', shapes)]);

const count = (shapes: Shapes): number => Object.values(shapes).reduce((sum, shape) => sum + elementCount(shape), 0);

/** Published files in half precision have twice as many bytes. */
describe.each([
  ['base', 'sd15', 22_319_616, { imageWidth: 1024, readsParts: false }],
  ['plus', 'sd15', 49_087_488, { imageWidth: 1280, readsParts: true }],
  ['full-face', 'sd15', 21_794_304, { imageWidth: 1280, readsParts: true }],
  ['sdxl', 'sdxl', 351_285_248, { imageWidth: 1280, readsParts: false }],
  ['sdxl-vit-h', 'sdxl', 349_188_096, { imageWidth: 1024, readsParts: false }],
  ['sdxl-plus', 'sdxl', 423_748_864, { imageWidth: 1280, readsParts: true }],
] as const)('the IP-Adapter %s', (id, family, parameters, sizes) => {
  const shapes = published[id];

  it('is told by its authors’ names, and fits the U-Net that it is for', async () => {
    expect(count(shapes)).toBe(parameters);
    const opened = await open(shapes);
    expect(opened.family).toBe(family);
    expect(opened.imagePrompt).toMatchObject(sizes);
    const unet = openNetwork('unet', { file: 'unet', config: FAMILY_CONFIGS[family].unet }).sizes.denoiser?.encoder;
    expect(opened.imagePrompt?.layers).toEqual(unet?.crossLayers);
    expect(opened.imagePrompt?.contextWidth).toBe(unet?.contextWidth);
    const read = opened.tensors.names().map((name) => opened.tensors.shape(name));
    expect(read.reduce((sum, shape) => sum + elementCount(shape), 0)).toBe(parameters);
  });

  it('is told by diffusers’ names', async () => {
    const opened = await open(
      Object.fromEntries(Object.entries(shapes).flatMap(([key, shape]) => inDiffusers(key, shape))),
    );
    expect(opened.imagePrompt).toEqual((await open(shapes)).imagePrompt);
    expect(opened.config).toEqual((await open(shapes)).config);
  });
});

/** A tensor as `IPAdapterMixin` renames what it reads; attentions keep the number of their place here. */
function inDiffusers(key: string, shape: readonly number[]): [string, readonly number[]][] {
  const [, name] = /^image_proj\.(.+)$/.exec(key) ?? [];
  if (name === undefined) return [[key, shape]];
  const to = (path: string): string => `encoder_hid_proj.image_projection_layers.0.${path}`;
  const [, layer, rest] = /^layers\.(\d+)\.(.+)$/.exec(name) ?? [];
  if (rest === '0.to_kv.weight')
    return ['to_k', 'to_v'].map((part) => [to(`layers.${layer}.attn.${part}.weight`), [shape[0] / 2, shape[1]]]);
  const known: Record<string, string> = {
    '0.norm1': 'ln0',
    '0.norm2': 'ln1',
    '0.to_q': 'attn.to_q',
    '0.to_out': 'attn.to_out.0',
    '1.0': 'ff.0',
    '1.1': 'ff.1.net.0.proj',
    '1.3': 'ff.1.net.2',
  };
  if (rest !== undefined) {
    const [, part, leaf] = /^(.+)\.(weight|bias)$/.exec(rest) ?? [];
    return [[to(`layers.${layer}.${known[part]}.${leaf}`), shape]];
  }
  const plain = name
    .replace(/^proj\.0\./, 'ff.net.0.proj.')
    .replace(/^proj\.2\./, 'ff.net.2.')
    .replace(/^proj\.3\./, 'norm.')
    .replace(/^proj\./, 'image_embeds.');
  return [[to(plain), shape]];
}

describe.each([
  ['ViT-H', 632_076_800, { width: 1280, projectionWidth: 1024, side: 224, tokens: 257 }],
  ['ViT-bigG', 1_844_907_264, { width: 1664, projectionWidth: 1280, side: 224, tokens: 257 }],
] as const)('the vision encoder %s', (id, parameters, sizes) => {
  const shapes = published[id];

  it('is told by transformers’ names', async () => {
    const { vision, tensors, config } = await open(shapes);
    expect(vision).toEqual(sizes);
    expect(config).toMatchObject({ hidden_act: 'gelu', num_attention_heads: 16 });
    expect(count(Object.fromEntries(tensors.names().map((name) => [name, tensors.shape(name)])))).toBe(parameters);
  });

  it('is told by OpenCLIP’s names, a text tower beside it or not', async () => {
    const theirs = inOpenclip(shapes);
    const { vision, tensors } = await open({ ...theirs, 'transformer.resblocks.0.ln_1.weight': [1024] });
    expect(vision).toEqual(sizes);
    for (const [name, shape] of Object.entries(shapes)) expect(tensors.shape(name)).toEqual(shape);
  });

  it('is not taken for one where a text encoder is beside it in transformers’ names', async () => {
    const whole = { ...shapes, 'text_model.embeddings.token_embedding.weight': [49408, 1024] };
    await expect(open(whole)).rejects.toThrow(/no ControlNet/);
  });
});

/** @see mlfoundations/open_clip transformer.py */
function inOpenclip(shapes: Shapes): Shapes {
  const known: Record<string, string> = {
    'vision_model.embeddings.class_embedding': 'class_embedding',
    'vision_model.embeddings.patch_embedding.weight': 'conv1.weight',
    'vision_model.embeddings.position_embedding.weight': 'positional_embedding',
    'visual_projection.weight': 'proj',
  };
  const parts: Record<string, string> = {
    layer_norm1: 'ln_1',
    layer_norm2: 'ln_2',
    'self_attn.out_proj': 'attn.out_proj',
    'mlp.fc1': 'mlp.c_fc',
    'mlp.fc2': 'mlp.c_proj',
  };
  const all: Record<string, readonly number[]> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const [, layer, part, leaf] = /layers\.(\d+)\.(.+)\.(weight|bias)$/.exec(name) ?? [];
    const at = `visual.transformer.resblocks.${layer}`;
    if (part === 'self_attn.q_proj') all[`${at}.attn.in_proj_${leaf}`] = [3 * shape[0], ...shape.slice(1)];
    else if (part !== undefined && part in parts) all[`${at}.${parts[part]}.${leaf}`] = shape;
    else if (part === undefined) {
      const own =
        known[name] ??
        name.replace('vision_model.pre_layrnorm', 'ln_pre').replace('vision_model.post_layernorm', 'ln_post');
      all[`visual.${own}`] = own === 'proj' ? shape.toReversed() : shape;
    }
  }
  return all;
}

describe('what is no IP-Adapter that runs', () => {
  const { base, plus } = published;
  const without = (shapes: Shapes, pattern: RegExp): Shapes =>
    Object.fromEntries(Object.entries(shapes).filter(([key]) => !pattern.test(key)));

  it.each([
    [
      'FaceID',
      { ...base, 'ip_adapter.0.to_q_lora.down.weight': [128, 320] },
      /an IP-Adapter FaceID, which needs a network/,
    ],
    ['FaceID without LoRA', { ...without(base, /proj\.proj\./), 'image_proj.proj.0.weight': [1024, 512] }, /FaceID/],
    ['InstantID', { ...plus, 'image_proj.proj_in.weight': [768, 512] }, /an InstantID/],
    ['one without attentions', without(base, /^ip_adapter/), /keys and values by which it acts, are missing/],
    ['one that was cut', without(plus, /layers\.3\.1\./), /this is an IP-Adapter, but .* tensors are missing/],
  ] as [string, Shapes, RegExp][])('%s is named in a sentence', async (_, shapes, sentence) => {
    await expect(open(shapes)).rejects.toThrow(sentence);
  });
});
