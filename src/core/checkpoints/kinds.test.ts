/** Which files are what: variants, parts of models, float8. */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../formats';
import { FAMILY_CONFIGS } from '../families/configs';
import { openCheckpoint } from '.';
import { FULL_SIZE, UNET, withInputs } from './testing/full-size';
import { virtualSafetensors, type Shapes, type VirtualOptions } from './testing/layouts';

const open = (name: string, shapes: Shapes, options: VirtualOptions = {}) =>
  openCheckpoint([virtualSafetensors(name, shapes, options)]);
const only = (shapes: Shapes, prefix: string, replacement = prefix): Shapes =>
  Object.fromEntries(
    Object.entries(shapes)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, shape]) => [replacement + key.slice(prefix.length), shape]),
  );
const { stored } = FULL_SIZE['sd15'];
describe('openCheckpoint of parts and variants', () => {
  it.each([
    ['an inpainting model', withInputs(9), { family: 'sd15', variant: 'inpaint' }],
    ['InstructPix2Pix', withInputs(8), { family: 'sd15', variant: 'instruct' }],
    [
      'SD 2 inpainting',
      withInputs(9, FULL_SIZE['sd21'].stored),
      { family: 'sd21', variant: 'inpaint', prediction: 'epsilon' },
    ],
    ['SDXL inpainting', withInputs(9, FULL_SIZE['sdxl'].stored), { family: 'sdxl', variant: 'inpaint' }],
    ['a U-Net alone', only(stored, UNET), { family: 'sd15', layout: 'ldm', tensors: 686 }],
    ['a U-Net without prefix', only(stored, UNET, ''), { family: 'sd15', layout: 'ldm', tensors: 686 }],
    ['a U-Net of diffusers', FULL_SIZE['sdxl'].components['unet'], { family: 'sdxl', layout: 'diffusers' }],
    ['an autoencoder alone', only(stored, 'first_stage_model.', ''), { layout: 'ldm', tensors: 248 }],
    ['an autoencoder of diffusers', FULL_SIZE['sd15'].components['vae'], { layout: 'diffusers', tensors: 248 }],
    ['a text encoder alone', FULL_SIZE['sd21'].components['text_encoder'], { family: 'sd21', layout: 'diffusers' }],
    ['CLIP-L alone', FULL_SIZE['sd15'].components['text_encoder'], { family: 'sd15', layout: 'diffusers' }],
    ['OpenCLIP-bigG alone', FULL_SIZE['sdxl'].components['text_encoder_2'], { family: 'sdxl', layout: 'diffusers' }],
    [
      'OpenCLIP-bigG alone, in its own words',
      only(FULL_SIZE['sdxl'].stored, 'conditioner.embedders.1.model.', ''),
      { family: 'sdxl', layout: 'ldm' },
    ],
    [
      'OpenCLIP-H alone, in its own words',
      only(FULL_SIZE['sd21'].stored, 'cond_stage_model.model.', ''),
      { family: 'sd21', layout: 'ldm' },
    ],
    [
      'CLIP names without "text_model."',
      {
        ...only(stored, UNET),
        ...only(stored, 'cond_stage_model.transformer.text_model.', 'cond_stage_model.transformer.'),
      },
      { family: 'sd15', tensors: 686 + 197 },
    ],
    ['a checkpoint in "state_dict."', only(stored, '', 'state_dict.'), { family: 'sd15', tensors: 1131 }],
    ['a checkpoint in "model."', only(FULL_SIZE['sdxl'].stored, '', 'model.'), { family: 'sdxl', layout: 'ldm' }],
    ['a U-Net that was compiled', only(FULL_SIZE['sdxl'].components['unet'], '', '_orig_mod.'), { family: 'sdxl' }],
    ['a U-Net of parallel training', only(stored, UNET, 'module.'), { family: 'sd15', tensors: 686 }],
    [
      'a copy for training',
      { ...stored, ...only(stored, UNET, 'model_ema.'), 'model_ema.decay': [] },
      { family: 'sd15', tensors: 1131 + 687 },
    ],
  ])('knows %s', async (_what, shapes, facts) => {
    expect(await open('model.safetensors', shapes)).toMatchObject({ unused: [], missing: [], ...facts });
  });

  it('takes an autoencoder from a second file', async () => {
    const vae = virtualSafetensors('vae.safetensors', FULL_SIZE['sd15'].components['vae'], { dtype: 'F32' });
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
      /^model\.safetensors: tensor "model\.diffusion_model\.middle_block\.0\.in_layers\.2\.bias" has shape \[1279\]; in a model of this kind it has \[1280\]$/,
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
  });
});

describe('openCheckpoint and what a U-Net predicts', () => {
  const spread = `${UNET}output_blocks.11.1.transformer_blocks.0.norm1.bias`;
  const sd21 = FULL_SIZE['sd21'].stored;
  const sdxl = FULL_SIZE['sdxl'].stored;
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
