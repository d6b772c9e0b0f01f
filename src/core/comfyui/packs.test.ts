/** Loaders that hold all in one, samplers of packs, passes that are no hires fix, several pictures, subgraphs. */
import { describe, expect, it } from 'vitest';
import { readComfyRecipe } from '.';
import { node, notesOf, PLAIN, read, SAID, sampler, type Inputs, type Nodes } from './testing/graphs';

const only = (nodes: Nodes) => {
  const found = readComfyRecipe({ prompt: JSON.stringify(nodes) });
  if (!found) throw new Error('no recipe');
  return found;
};
const LOADER: Inputs = {
  ckpt_name: 'orchard.safetensors',
  vae_name: 'Baked VAE',
  clip_skip: -2,
  lora_name: 'moss.safetensors',
  lora_model_strength: 0.7,
  lora_clip_strength: 0.5,
  empty_latent_width: 576,
  empty_latent_height: 704,
  positive: 'a stone bridge',
  negative: 'mist',
  batch_size: 1,
};
const SETTINGS: Inputs = { seed: 77, steps: 18, cfg: 5.5, sampler_name: 'dpmpp_2m', scheduler: 'karras', denoise: 1 };
const WHOLE = { ...SAID, clipSkip: 2, loras: [{ name: 'moss', unet: 0.7, text: 0.5 }] };

describe('loaders with everything in one', () => {
  it.each<[string, Nodes]>([
    [
      'a pipe',
      {
        '1': node('easy a1111Loader', LOADER),
        '2': node('easy fullkSampler', { ...SETTINGS, image_output: 'Save', pipe: ['1', 0] }),
      },
    ],
    [
      'settings between',
      {
        '1': node('easy fullLoader', LOADER),
        '2': node('easy preSampling', { ...SETTINGS, pipe: ['1', 0] }),
        '3': node('easy kSampler', { image_output: 'Hide/Save', pipe: ['2', 0] }),
      },
    ],
    [
      'tinyterraNodes',
      {
        '1': node('ttN pipeLoader', LOADER),
        '2': node('ttN pipeKSampler', { ...SETTINGS, image_output: 'Save', pipe: ['1', 1] }),
      },
    ],
    [
      'separate outputs',
      {
        '1': node('Efficient Loader', LOADER),
        '2': node('KSampler (Efficient)', {
          ...SETTINGS,
          model: ['1', 0],
          positive: ['1', 1],
          negative: ['1', 2],
          latent_image: ['1', 3],
          preview_method: 'auto',
          vae_decode: 'true',
        }),
        '3': node('SaveImage', { images: ['2', 5] }),
      },
    ],
    [
      'a loader that nobody knows',
      {
        '1': node('Foo Loader', LOADER),
        '2': node('KSampler', {
          ...SETTINGS,
          model: ['1', 0],
          positive: ['1', 1],
          negative: ['1', 2],
          latent_image: ['1', 3],
        }),
        '3': node('VAEDecode', { samples: ['2', 0] }),
        '4': node('SaveImage', { images: ['3', 0] }),
      },
    ],
  ])('%s', (_, nodes) => {
    expect(only(nodes).recipe).toMatchObject(WHOLE);
  });

  it.each<[string, Inputs, object[]]>([
    [
      'Power Lora Loader (rgthree)',
      {
        lora_1: { on: true, lora: 'moss.safetensors', strength: 0.4 },
        lora_2: { on: false, lora: 'off.safetensors', strength: 1 },
      },
      [{ name: 'moss', unet: 0.4, text: 0.4 }],
    ],
    [
      'CR LoRA Stack',
      {
        switch_1: 'On',
        lora_name_1: 'moss.safetensors',
        model_weight_1: 0.4,
        clip_weight_1: 0.3,
        switch_2: 'Off',
        lora_name_2: 'off.safetensors',
        model_weight_2: 1,
        clip_weight_2: 1,
      },
      [{ name: 'moss', unet: 0.4, text: 0.3 }],
    ],
    [
      'Lora Loader Stack (rgthree)',
      { lora_01: 'moss.safetensors', strength_01: 0.4, lora_02: 'None', strength_02: 1 },
      [{ name: 'moss', unet: 0.4, text: 0.4 }],
    ],
    [
      'LoraLoader|pysssss',
      { lora_name: { content: 'moss.safetensors', image: null }, strength_model: 0.4, strength_clip: 0.4 },
      [{ name: 'moss', unet: 0.4, text: 0.4 }],
    ],
  ])('LoRAs of %s', (type, inputs, loras) => {
    expect(
      read({ '5': sampler({ model: ['8', 0] }), '8': node(type, { model: ['1', 0], clip: ['1', 1], ...inputs }) })
        .recipe.loras,
    ).toEqual(loras);
  });
});

describe('which picture', () => {
  const second: Nodes = {
    '8': node('LatentUpscaleBy', { upscale_method: 'bicubic', scale_by: 1.5, samples: ['5', 0] }),
    '9': sampler({ latent_image: ['8', 0], denoise: 0.5, steps: 9 }),
    '10': node('VAEDecode', { samples: ['9', 0], vae: ['1', 2] }),
  };
  it.each(['PreviewImage', 'Image Comparer (rgthree)', 'SaveImage'])('one of the first pass goes to %s', (type) => {
    const found = read({
      ...second,
      '7': node(type, { images: ['6', 0] }),
      '11': node('SaveImage', { images: ['10', 0] }),
    });
    expect(found.recipe).toMatchObject({
      ...SAID,
      hires: { upscale: 1.5, upscaler: 'Latent (bicubic)' },
      denoisingStrength: 0.5,
    });
    if (type === 'SaveImage') expect(notesOf(found)).toMatch(/2 pictures leave this graph/);
  });
  it('a preview counts where nothing is saved', () => {
    expect(read({ '7': node('PreviewImage', { images: ['6', 0] }) }).recipe).toMatchObject(SAID);
  });
});

describe('what comes after the first pass', () => {
  const after = (type: string, inputs: Inputs): Nodes => ({
    '7': node('SaveImage', { images: ['8', 0] }),
    '8': node(type, inputs),
  });
  const repaint: Inputs = {
    seed: 9,
    steps: 12,
    cfg: 5,
    sampler_name: 'euler',
    scheduler: 'normal',
    denoise: 0.25,
    image: ['6', 0],
    model: ['1', 0],
    positive: ['2', 0],
    negative: ['3', 0],
    vae: ['1', 2],
  };
  it.each<[string, Inputs]>([
    ['UltimateSDUpscale', { ...repaint, upscale_by: 2, tile_width: 512, tile_height: 512 }],
    ['UltimateSDUpscaleNoUpscale', { ...repaint, upscaled_image: ['6', 0] }],
    ['FaceDetailer', { ...repaint, guide_size: 384, bbox_threshold: 0.5 }],
    ['DetailerForEach', { ...repaint, segs: ['9', 0] }],
    ['Foo Regional Repainter Sampler', repaint],
  ])('%s is no hires fix', (type, inputs) => {
    const found = read(after(type, inputs));
    expect(found.recipe).toMatchObject(SAID);
    expect([found.recipe.hires, found.recipe.denoisingStrength]).toEqual([undefined, undefined]);
    expect(notesOf(found)).toContain(type);
  });
  it('a second pass of the same size is no hires fix', () => {
    const found = read({
      '6': node('VAEDecode', { samples: ['8', 0], vae: ['1', 2] }),
      '8': sampler({ latent_image: ['5', 0], denoise: 0.4 }),
    });
    expect(found.recipe.hires).toBeUndefined();
    expect(notesOf(found)).toMatch(/second sampler/);
  });
  it('two halves of one run are one run', () => {
    const half = (more: Inputs) => sampler({ noise_seed: 77, ...more }, 'KSamplerAdvanced');
    const found = read({
      '5': half({ start_at_step: 0, end_at_step: 9, add_noise: 'enable', return_with_leftover_noise: 'enable' }),
      '6': node('VAEDecode', { samples: ['8', 0], vae: ['1', 2] }),
      '8': half({ start_at_step: 9, end_at_step: 10000, add_noise: 'disable', latent_image: ['5', 0] }),
    });
    expect([found.recipe.hires, found.recipe.refiner]).toEqual([undefined, undefined]);
  });
});

describe('nodes that look like core nodes', () => {
  it.each<[string, Inputs, object, RegExp | undefined]>([
    [
      'KSampler //Inspire',
      { noise_mode: 'GPU(=A1111)', batch_seed_mode: 'incremental', variation_seed: 3, variation_strength: 0.2 },
      { noise: 'nv', variationSeed: 3, variationStrength: 0.2 },
      undefined,
    ],
    [
      'KSampler //Inspire',
      { noise_mode: 'CPU', variation_seed: 3, variation_strength: 0 },
      { noise: 'comfyui' },
      undefined,
    ],
    [
      'BNK_TiledKSampler',
      { tile_width: 512, tile_height: 512, tiling_strategy: 'random' },
      {},
      /BNK_TiledKSampler.*tile_width: 512/,
    ],
    ['SamplerFoo', {}, {}, /"SamplerFoo" is not known here/],
    ['SwarmKSampler', { var_seed: 3, var_seed_strength: 0.2 }, { variationSeed: 3, variationStrength: 0.2 }, undefined],
  ])('%s %#', (type, inputs, wanted, note) => {
    const found = read({ '5': sampler(inputs, type) });
    expect(found.recipe).toMatchObject({ ...SAID, ...wanted });
    if (note) expect(notesOf(found)).toMatch(note);
    else expect(found.notes).toEqual([]);
  });
  it('says how an encoder weighs its words', () => {
    const found = read({
      '2': node('BNK_CLIPTextEncodeAdvanced', {
        text: 'a stone bridge',
        token_normalization: 'mean',
        weight_interpretation: 'A1111',
        clip: ['1', 1],
      }),
    });
    expect(found.recipe).toMatchObject(SAID);
    expect(notesOf(found)).toMatch(/weight_interpretation: A1111/);
  });
});

describe('loaders of text encoders alone', () => {
  const loader = node('DualCLIPLoader', { clip_name1: 'one.safetensors', clip_name2: 'two.safetensors', type: 'sdxl' });
  it('are read where the prompt comes from them, over what changes them on the way', () => {
    const lora = node('LoraLoader', {
      lora_name: 'moss',
      strength_model: 1,
      strength_clip: 1,
      model: ['1', 0],
      clip: ['8', 0],
    });
    const skip = node('CLIPSetLastLayer', { stop_at_clip_layer: -2, clip: ['9', 1] });
    const { recipe } = read({
      ...{ '2': node('CLIPTextEncode', { text: 'a stone bridge', clip: ['10', 0] }) },
      ...{ '8': loader, '9': lora, '10': skip },
    });
    expect(recipe).toMatchObject({ ...SAID, textEncoder: 'one', secondTextEncoder: 'two', clipSkip: 2 });
  });
  it('are passed over where they stand beside, or serve another prompt', () => {
    expect(read({ '8': loader }).recipe).not.toHaveProperty('textEncoder');
    const other = node('CLIPTextEncode', { text: 'mist', clip: ['8', 0] });
    expect(read({ '8': loader, '3': other }).recipe).not.toHaveProperty('textEncoder');
  });
});

describe('the editor’s graph', () => {
  it('opens subgraphs, links by name, and takes the values that stand on the instance', () => {
    const definition = {
      id: 'aaaa',
      name: 'Paint',
      inputs: [{ name: 'text' }, { name: 'model' }],
      outputs: [{ name: 'LATENT' }],
      nodes: [
        {
          id: 1,
          type: 'CLIPTextEncode',
          inputs: [
            { name: 'clip', link: null },
            { name: 'text', link: 10, widget: { name: 'text' } },
          ],
          widgets_values: ['inside'],
        },
        { id: 2, type: 'CLIPTextEncode', inputs: [], widgets_values: ['mist'] },
        {
          id: 3,
          type: 'KSampler',
          inputs: [
            { name: 'model', link: 11 },
            { name: 'positive', link: 12 },
            { name: 'negative', link: 13 },
            { name: 'latent_image', link: 14 },
          ],
          widgets_values: [77, 'fixed', 18, 5.5, 'dpmpp_2m', 'karras', 1],
        },
        { id: 4, type: 'EmptyLatentImage', widgets_values: [576, 704, 1] },
      ],
      links: [
        { id: 10, origin_id: -10, origin_slot: 0, target_id: 1, target_slot: 1, type: 'STRING' },
        { id: 11, origin_id: -10, origin_slot: 1, target_id: 3, target_slot: 0, type: 'MODEL' },
        { id: 12, origin_id: 1, origin_slot: 0, target_id: 3, target_slot: 1, type: 'CONDITIONING' },
        { id: 13, origin_id: 2, origin_slot: 0, target_id: 3, target_slot: 2, type: 'CONDITIONING' },
        { id: 14, origin_id: 4, origin_slot: 0, target_id: 3, target_slot: 3, type: 'LATENT' },
        { id: 15, origin_id: 3, origin_slot: 0, target_id: -20, target_slot: 0, type: 'LATENT' },
      ],
    };
    const workflow = {
      nodes: [
        { id: 1, type: 'CheckpointLoaderSimple', widgets_values: ['orchard.safetensors'] },
        { id: 2, type: 'SetNode', inputs: [{ name: 'MODEL', link: 1 }], widgets_values: ['m'] },
        { id: 3, type: 'GetNode', widgets_values: ['m'] },
        { id: 4, type: 'aaaa', inputs: [{ name: 'model', link: 2 }], widgets_values_named: { text: 'a stone bridge' } },
        { id: 5, type: 'VAEDecode', inputs: [{ name: 'samples', link: 3 }] },
        { id: 6, type: 'SaveImage', inputs: [{ name: 'images', link: 4 }] },
      ],
      links: [
        [1, 1, 0, 2, 0, 'MODEL'],
        [2, 3, 0, 4, 0, 'MODEL'],
        [3, 4, 0, 5, 0, 'LATENT'],
        [4, 5, 0, 6, 0, 'IMAGE'],
      ],
      definitions: { subgraphs: [definition] },
    };
    expect(readComfyRecipe({ workflow: JSON.stringify(workflow) })?.recipe).toMatchObject(SAID);
  });
  const inSubgraphs = (nodes: readonly object[], subgraphs: readonly object[]) => {
    const painting = [
      { id: 1, type: 'CheckpointLoaderSimple', widgets_values: ['orchard.safetensors'] },
      { id: 2, type: 'KSampler', inputs: [{ name: 'model', link: 1 }], widgets_values: [77, 'fixed', 18] },
    ];
    const workflow = {
      nodes: [...painting, ...nodes],
      links: [[1, 1, 0, 2, 0, 'MODEL']],
      definitions: { subgraphs },
    };
    return readComfyRecipe({ workflow: JSON.stringify(workflow) })?.recipe;
  };
  const MODES = [
    ['muted', 2],
    ['bypassed', 4],
  ] as const;
  it.each(MODES)('does not unfold a %s subgraph that contains itself', (_, mode) => {
    const itself = { id: 'aaaa', name: 'Ring', inputs: [], outputs: [], nodes: [{ id: 1, type: 'aaaa' }], links: [] };
    expect(inSubgraphs([{ id: 3, type: 'aaaa', mode }], [itself])).toMatchObject({ seed: 77, model: 'orchard' });
  });
  it.each(MODES)('does not unfold a %s subgraph that grows without end', (_, mode) => {
    const depth = 40; // 2^40 nodes in all
    const doubled = Array.from({ length: depth }, (_, i) => ({
      ...{ id: `g${i}`, name: `Twice ${i}`, inputs: [], outputs: [], links: [] },
      nodes: i + 1 < depth ? [1, 2].map((id) => ({ id, type: `g${i + 1}` })) : [],
    }));
    expect(inSubgraphs([{ id: 3, type: 'g0', mode }], doubled)).toMatchObject({ seed: 77, model: 'orchard' });
  });
  it('names the outputs of nodes in what ran', () => {
    const prompt = JSON.stringify({
      ...PLAIN,
      '5': sampler({ positive: ['8', 0], negative: ['8', 1] }),
      '8': node('Foo', { b: ['3', 0], a: ['2', 0], negative: ['3', 0], positive: ['2', 0] }),
    });
    const workflow = JSON.stringify({
      nodes: [
        {
          id: 8,
          type: 'Foo',
          outputs: [
            { name: 'POSITIVE', type: 'CONDITIONING' },
            { name: 'NEGATIVE', type: 'CONDITIONING' },
          ],
        },
      ],
      links: [],
    });
    expect(readComfyRecipe({ prompt, workflow })?.recipe).toMatchObject(SAID);
  });
});
