/** Which files are what: variants, parts of models, and what Gesso does not run. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { bytesSource, type ByteSource } from '../formats';
import { FAMILY_CONFIGS } from '../models';
import { openCheckpoint } from '.';
import { readFixture, virtualSafetensors, type Shapes, type VirtualOptions } from './testing/layouts';

const full = readFixture<Record<string, { stored: Shapes; components: Record<string, Shapes> }>>('full-size.json.gz');

const open = (name: string, shapes: Shapes, options: VirtualOptions = {}) =>
  openCheckpoint([virtualSafetensors(name, shapes, options)]);
const only = (shapes: Shapes, prefix: string, replacement = prefix): Shapes =>
  Object.fromEntries(
    Object.entries(shapes)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, shape]) => [replacement + key.slice(prefix.length), shape]),
  );
const { stored } = full['sd15'];
const UNET = 'model.diffusion_model.';
const conv = (channels: number, base = stored): Shapes => ({
  ...base,
  [`${UNET}input_blocks.0.0.weight`]: [320, channels, 3, 3],
});

/** The sentence, without the file's name. */
async function refusal(shapes: Shapes, name = 'x.safetensors'): Promise<string> {
  const error: unknown = await open(name, shapes).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).code).toBe('unsupported-model');
  return (error as AppError).message.replace(`${name}: `, '');
}

describe('openCheckpoint of parts and variants', () => {
  it.each([
    ['an inpainting model', conv(9), { family: 'sd15', variant: 'inpaint' }],
    ['InstructPix2Pix', conv(8), { family: 'sd15', variant: 'instruct' }],
    ['SD 2 inpainting', conv(9, full['sd21'].stored), { family: 'sd21', variant: 'inpaint', prediction: 'epsilon' }],
    ['SDXL inpainting', conv(9, full['sdxl'].stored), { family: 'sdxl', variant: 'inpaint' }],
    ['a U-Net alone', only(stored, UNET), { family: 'sd15', layout: 'ldm', tensors: 686 }],
    ['a U-Net without prefix', only(stored, UNET, ''), { family: 'sd15', layout: 'ldm', tensors: 686 }],
    ['a U-Net of diffusers', full['sdxl'].components['unet'], { family: 'sdxl', layout: 'diffusers' }],
    ['an autoencoder alone', only(stored, 'first_stage_model.', ''), { layout: 'ldm', tensors: 248 }],
    ['an autoencoder of diffusers', full['sd15'].components['vae'], { layout: 'diffusers', tensors: 248 }],
    ['a text encoder alone', full['sd21'].components['text_encoder'], { family: 'sd21', layout: 'diffusers' }],
    [
      'CLIP names without "text_model."',
      {
        ...only(stored, UNET),
        ...only(stored, 'cond_stage_model.transformer.text_model.', 'cond_stage_model.transformer.'),
      },
      { family: 'sd15', tensors: 686 + 197 },
    ],
    [
      'a copy for training',
      { ...stored, ...only(stored, UNET, 'model_ema.'), 'model_ema.decay': [] },
      { family: 'sd15', tensors: 1131 + 687 },
    ],
  ])('knows %s', async (_what, shapes, facts) => {
    expect(await open('model.safetensors', shapes)).toMatchObject({ unused: [], missing: [], ...facts });
  });

  it('takes an autoencoder from a second file', async () => {
    const vae = virtualSafetensors('vae.safetensors', full['sd15'].components['vae'], { dtype: 'F32' });
    const opened = await openCheckpoint([virtualSafetensors('model.safetensors', stored), vae]);
    expect(opened).toMatchObject({ family: 'sd15', layout: 'mixed', dtype: 'float16', unused: [], missing: [] });
    vae.reads.length = 0;
    await opened.components.vae?.tensors.read('quant_conv.bias');
    expect(vae.reads.length).toBe(1);
  });

  it('lists what is missing and what is unknown', async () => {
    const rest = Object.fromEntries(Object.entries(stored).filter(([key]) => key !== `${UNET}out.2.bias`));
    const opened = await open('model.safetensors', { ...rest, 'model.strange.weight': [3] });
    expect(opened).toMatchObject({ missing: ['unet: conv_out.bias'], unused: ['model.strange.weight'] });
  });

  it('names a tensor of another shape', async () => {
    const wrong = { ...stored, [`${UNET}middle_block.0.in_layers.2.bias`]: [1279] };
    await expect(open('model.safetensors', wrong)).rejects.toThrow(
      /^model\.safetensors: tensor "model\.diffusion_model\.middle_block\.0\.in_layers\.2\.bias" has shape \[1279\]; config\.json asks for \[1280\]$/,
    );
  });

  it('knows linear layers that were saved as convolutions, and the other way round', async () => {
    const linear = Object.fromEntries(
      Object.entries(stored).map(([key, shape]) => [
        key,
        /proj_(in|out)\.weight$/.test(key) && key.startsWith(UNET) ? shape.slice(0, 2) : shape,
      ]),
    );
    const opened = await open('model.safetensors', linear);
    expect(opened).toMatchObject({ family: 'sd15', missing: [] });
    expect(opened.components.unet?.tensors.shape('down_blocks.0.attentions.0.proj_in.weight')).toEqual([
      320, 320, 1, 1,
    ]);
  });

  it('reads TAESD of one side, by the names of its authors and of diffusers', async () => {
    const tiny = { '1.weight': [64, 4, 3, 3], '1.bias': [64], '3.conv.0.weight': [64, 64, 3, 3] };
    const opened = await open('taesdxl_decoder.safetensors', tiny);
    expect(opened.family).toBe('sdxl');
    expect(opened.components.taesd?.tensors.names().sort()).toEqual([
      'decoder.layers.0.bias',
      'decoder.layers.0.weight',
      'decoder.layers.2.conv.0.weight',
    ]);
    expect(await refusal({ '1.weight': [64, 16, 3, 3], '1.bias': [64] })).toMatch(
      /an autoencoder with 16 latent channels/,
    );
  });
});

describe('openCheckpoint and what a U-Net predicts', () => {
  const spread = `${UNET}output_blocks.11.1.transformer_blocks.0.norm1.bias`;
  const sd21 = full['sd21'].stored;
  const sdxl = full['sdxl'].stored;
  it.each<[string, Shapes, VirtualOptions, object]>([
    [
      'a wide spread in SD 2',
      sd21,
      { value: (key, i) => (key === spread ? (i % 2 ? 0.125 : -0.125) : 0) },
      { prediction: 'v_prediction' },
    ],
    [
      'a narrow spread in SD 2',
      sd21,
      { value: (key, i) => (key === spread ? (i % 2 ? 0.0625 : -0.0625) : 0) },
      { prediction: 'epsilon' },
    ],
    [
      'v_pred and ztsnr keys',
      { ...sdxl, v_pred: [0], ztsnr: [0] },
      {},
      { prediction: 'v_prediction', zeroTerminalSnr: true },
    ],
    [
      'metadata of its author',
      sdxl,
      { metadata: { 'modelspec.prediction_type': 'v' } },
      { prediction: 'v_prediction', zeroTerminalSnr: false },
    ],
    ['nothing', sdxl, {}, { prediction: 'epsilon' }],
  ])('reads it from %s', async (_what, shapes, options, facts) => {
    const opened = await open('model.safetensors', shapes, options);
    expect(opened).toMatchObject({ unused: [], ...facts });
    expect(opened.scheduler).toMatchObject({ prediction_type: opened.prediction });
  });

  it('gives SD 2.1 that predicts v the config of its published model', async () => {
    const v = { metadata: { 'modelspec.prediction_type': 'v' } };
    const config = (await open('model.safetensors', sd21, v)).components.unet?.config;
    expect(config).toMatchObject(FAMILY_CONFIGS.sd21.unet);
    expect((await open('model.safetensors', sd21)).components.unet?.config).not.toHaveProperty('upcast_attention');
  });

  it('reads it from the .yaml beside a checkpoint', async () => {
    const yaml = bytesSource('v2-1.yaml', new TextEncoder().encode('model:\n  params:\n    parameterization: "v"\n'));
    const opened = await openCheckpoint([virtualSafetensors('v2-1.safetensors', sd21), yaml]);
    expect(opened).toMatchObject({ prediction: 'v_prediction', tensors: 1240 });
  });
});

describe('openCheckpoint of a hub folder', () => {
  const { unet: CONFIG, vae: VAE } = FAMILY_CONFIGS.sd15;
  const json = (name: string, value: unknown): ByteSource =>
    bytesSource(name, new TextEncoder().encode(JSON.stringify(value)));
  const { components } = full['sd15'];
  const file = (name: string, component: string, filter: (i: number) => boolean = () => true) =>
    virtualSafetensors(name, Object.fromEntries(Object.entries(components[component]).filter((_, i) => filter(i))));
  const rest = [
    file('m/vae/diffusion_pytorch_model.fp16.safetensors', 'vae'),
    file('m/text_encoder/model.safetensors', 'text_encoder'),
  ];

  it('takes one set of weights of several, and all its shards', async () => {
    const opened = await openCheckpoint([
      json('m/model_index.json', { _class_name: 'StableDiffusionPipeline' }),
      file('m/unet/diffusion_pytorch_model-00001-of-00002.safetensors', 'unet', (i) => i % 2 === 0),
      file('m/unet/diffusion_pytorch_model-00002-of-00002.safetensors', 'unet', (i) => i % 2 === 1),
      json('m/unet/diffusion_pytorch_model.safetensors.index.json', { weight_map: {} }),
      file('m/unet/diffusion_pytorch_model.non_ema.safetensors', 'unet'),
      file('m/unet/diffusion_pytorch_model.fp16.safetensors', 'unet'),
      bytesSource('m/unet/diffusion_pytorch_model.bin', new Uint8Array(10)),
      json('m/scheduler/scheduler_config.json', { prediction_type: 'v_prediction', rescale_betas_zero_snr: true }),
      ...rest,
    ]);
    expect(opened).toMatchObject({
      family: 'sd15',
      layout: 'diffusers',
      prediction: 'v_prediction',
      zeroTerminalSnr: true,
      missing: [],
      unused: [],
      tensors: 686 + 248 + 196,
    });
  });

  it('names a shard that is not there', async () => {
    const lonely = file('m/unet/diffusion_pytorch_model-00002-of-00003.safetensors', 'unet');
    await expect(openCheckpoint([lonely, ...rest])).rejects.toThrow(
      /^unet\/diffusion_pytorch_model-00001-of-00003\.safetensors: is missing; 1 of 3 parts/,
    );
  });

  it('takes shards with names of their own from the index', async () => {
    const parts = [
      file('m/unet/a.safetensors', 'unet', (i) => i < 300),
      file('m/unet/b.safetensors', 'unet', (i) => i >= 300),
    ];
    const index = json('m/unet/diffusion_pytorch_model.safetensors.index.json', {
      weight_map: { x: 'a.safetensors', y: 'b.safetensors' },
    });
    expect(await openCheckpoint([...parts, index, ...rest])).toMatchObject({ family: 'sd15', missing: [] });
    await expect(openCheckpoint([parts[0], index, ...rest])).rejects.toThrow(/unet\/b\.safetensors: is missing/);
  });

  it('takes the projection of the second text encoder whatever its config says of architectures', async () => {
    const { text_encoder_2: shapes } = full['sdxl'].components;
    const config = { ...FAMILY_CONFIGS.sdxl.text_encoder_2, architectures: undefined };
    const source = virtualSafetensors('m/text_encoder_2/model.safetensors', shapes);
    const opened = await openCheckpoint([source, json('m/text_encoder_2/config.json', config)]);
    expect(opened).toMatchObject({ missing: [], unused: [] });
    expect(opened.components.text_encoder_2?.tensors.has('text_projection.weight')).toBe(true);
  });

  it('builds nothing for a config that claims a million layers', async () => {
    const text = file('m/text_encoder/model.safetensors', 'text_encoder');
    const claims = { hidden_size: 768, num_attention_heads: 12, num_hidden_layers: 1_000_000, intermediate_size: 3072 };
    const unet = { ...CONFIG, transformer_layers_per_block: 1_000_000 };
    for (const sources of [
      [text, json('m/text_encoder/config.json', claims)],
      [file('m/unet/model.safetensors', 'unet'), json('m/unet/config.json', unet)],
      [file('m/vae/model.safetensors', 'vae'), json('m/vae/config.json', { ...VAE, layers_per_block: 1_000_000 })],
    ])
      await expect(openCheckpoint(sources)).rejects.toThrow(/config\.json: asks for \d+ layers, but there are/);
  });

  it('names pipelines of other models', async () => {
    const sd3 = [json('m/model_index.json', { _class_name: 'StableDiffusion3Pipeline' }), ...rest];
    await expect(openCheckpoint(sd3)).rejects.toThrow(/a folder of diffusers' StableDiffusion3Pipeline; Gesso runs/);
    await expect(openCheckpoint([...rest, json('m/transformer/config.json', {})])).rejects.toThrow(
      /another kind of model/,
    );
  });
});

describe('openCheckpoint of float8 files', () => {
  it('multiplies by the scales beside the weights', async () => {
    const name = `${UNET}input_blocks.1.1.transformer_blocks.0.attn1.to_q`;
    const shapes = { ...stored, [`${name}.scale_weight`]: [], scaled_fp8: [2] };
    const source = virtualSafetensors('fp8.safetensors', shapes, {
      dtype: 'F8_E4M3',
      dtypes: { [`${name}.scale_weight`]: 'F32' },
    });
    const opened = await openCheckpoint([source]);
    expect(opened).toMatchObject({ dtype: 'float8_e4m3fn', unused: [], missing: [] });
    const { offset } = source.places.get(`${name}.weight`) ?? { offset: -1 };
    source.read = (at, length) =>
      Promise.resolve(at === offset ? new Uint8Array(length).fill(0x38) : new Uint8Array(Float32Array.of(0.25).buffer));
    const values = await opened.components.unet?.tensors.read(
      'down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight',
    );
    expect([values?.length, values?.[0], values?.at(-1)]).toEqual([320 * 320, 0.25, 0.25]);
  });
});

describe('openCheckpoint of what Gesso does not run', () => {
  const lora = (...names: string[]): Shapes => Object.fromEntries(names.map((name) => [name, [4, 768]]));
  it.each<[string, Shapes, RegExp]>([
    [
      'a LoRA for SD 1.5',
      lora('lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight'),
      /^this is a LoRA for SD 1\.5; LoRAs are not supported yet/,
    ],
    [
      'a LoRA for SDXL',
      { 'lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight': [4, 1280] },
      /^this is a LoRA for SDXL/,
    ],
    [
      'a LoRA of diffusers',
      { 'unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight': [4, 2048] },
      /^this is a LoRA for SDXL/,
    ],
    [
      'a LoRA for Flux',
      { 'lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight': [4, 3072] },
      /^this is a LoRA for Flux/,
    ],
    ['a LoHa', { 'lora_unet_input_blocks_4_1_proj_in.hada_w1_a': [4, 4] }, /^this is a LoRA for an unknown model/],
    ['a ControlNet', { 'control_model.input_hint_block.0.weight': [16, 3, 3, 3] }, /^this is a ControlNet/],
    [
      'a ControlNet of diffusers',
      { 'controlnet_cond_embedding.conv_in.weight': [16, 3, 3, 3] },
      /^this is a ControlNet/,
    ],
    ['an embedding', { emb_params: [8, 768] }, /^this is an embedding \(textual inversion\) for SD 1\.5/],
    [
      'an embedding for SDXL',
      { clip_l: [8, 768], clip_g: [8, 1280] },
      /^this is an embedding \(textual inversion\) for SDXL/,
    ],
    [
      'an upscaler',
      { 'model.0.weight': [64, 3, 3, 3], 'model.1.sub.0.RDB1.conv1.0.weight': [32, 64, 3, 3] },
      /^this is an upscaler/,
    ],
    [
      'Stable Diffusion 3',
      { [`${UNET}joint_blocks.0.x_block.attn.qkv.weight`]: [4608, 1536] },
      /^this is a Stable Diffusion 3 model/,
    ],
    [
      'Flux',
      { 'double_blocks.0.img_attn.qkv.weight': [9216, 3072], 'guidance_in.in_layer.weight': [3072, 256] },
      /^this is a Flux model; Gesso runs Stable Diffusion 1\.x, 2\.x and XL$/,
    ],
    ['Flux of diffusers', { 'single_transformer_blocks.0.attn.to_q.weight': [3072, 3072] }, /^this is a Flux model/],
    ['PixArt', { 't_block.1.weight': [6912, 1152], 'y_embedder.y_embedding': [120, 4096] }, /^this is a PixArt model/],
    ['Stable Cascade', { 'clip_txt_mapper.weight': [2048, 1280] }, /^this is a Stable Cascade model/],
    [
      'the refiner',
      { ...full['sdxl'].stored, 'conditioner.embedders.0.model.ln_final.weight': [1280] },
      /^this is the SDXL refiner/,
    ],
    [
      'the refiner alone',
      {
        ...full['sdxl'].components['unet'],
        ...Object.fromEntries(
          Object.entries(full['sdxl'].components['unet'])
            .filter(([key]) => /attn2\.to_k/.test(key))
            .map(([key, [rows]]) => [key, [rows, 1280]]),
        ),
      },
      /^this is the SDXL refiner/,
    ],
    ['the x4 upscaler', conv(7), /^this is the Stable Diffusion x4 upscaler/],
    ['a depth model', conv(5), /^this is a depth-to-image model/],
    ['Playground 2.5', { ...full['sdxl'].stored, edm_mean: [4], edm_std: [4] }, /^this is a Playground 2\.5 model/],
    [
      'an autoencoder of Flux',
      { ...full['sd15'].components['vae'], 'decoder.conv_in.weight': [512, 16, 3, 3] },
      /^this is an autoencoder with 16 latent channels/,
    ],
    ['a language model', { 'model.layers.0.self_attn.q_proj.weight': [8, 8] }, /^this is a language model/],
    [
      'something else',
      { 'backbone.stem.weight': [8, 8], 'head.bias': [8], 'head.weight': [8, 8] },
      /^its tensors \("backbone\.stem\.weight", "head\.bias", \.\.\.\) are of no model that Gesso knows/,
    ],
    ['nothing', {}, /^there are no tensors in it/],
  ])('names %s', async (_what, shapes, sentence) => {
    expect(await refusal(shapes)).toMatch(sentence);
  });

  it('needs a file', async () => {
    await expect(openCheckpoint([])).rejects.toMatchObject({ code: 'missing-file' });
  });
});
