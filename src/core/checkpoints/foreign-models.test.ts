/** Files that Gesso does not run: each is called by its name. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { openCheckpoint } from '.';
import { FULL_SIZE, UNET, withInputs } from './testing/full-size';
import { virtualSafetensors, type Shapes } from './testing/layouts';

/** The sentence, without the file's name. */
async function refusal(shapes: Shapes, name = 'x.safetensors'): Promise<string> {
  const error: unknown = await openCheckpoint([virtualSafetensors(name, shapes)]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).code).toBe('unsupported-model');
  return (error as AppError).message.replace(`${name}: `, '');
}
describe('openCheckpoint of what Gesso does not run', () => {
  const lora = (...names: string[]): Shapes => Object.fromEntries(names.map((name) => [name, [4, 768]]));
  it.each<[string, Shapes, RegExp]>([
    [
      'a LoRA for SD 1.5',
      lora('lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight'),
      /^this is a LoRA for SD 1\.5, which changes a model and is none: add it by itself/,
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
      /^this is a Flux model; Gesso runs Stable Diffusion 1\.x, 2\.x, XL and the XL refiner$/,
    ],
    ['Flux of diffusers', { 'single_transformer_blocks.0.attn.to_q.weight': [3072, 3072] }, /^this is a Flux model/],
    ['PixArt', { 't_block.1.weight': [6912, 1152], 'y_embedder.y_embedding': [120, 4096] }, /^this is a PixArt model/],
    ['Stable Cascade', { 'clip_txt_mapper.weight': [2048, 1280] }, /^this is a Stable Cascade model/],
    [
      'a relative of the refiner',
      {
        ...FULL_SIZE['sdxl'].components['unet'],
        ...Object.fromEntries(
          Object.entries(FULL_SIZE['sdxl'].components['unet'])
            .filter(([key]) => /attn2\.to_k/.test(key))
            .map(([key, [rows]]) => [key, [rows, 1280]]),
        ),
      },
      /^this is a relative of the SDXL refiner whose added embedding has 2816 numbers, not 2560;/,
    ],
    ['the x4 upscaler', withInputs(7), /^this is the Stable Diffusion x4 upscaler/],
    ['a depth model', withInputs(5), /^this is a depth-to-image model/],
    [
      'Playground 2.5',
      { ...FULL_SIZE['sdxl'].stored, edm_mean: [4], edm_std: [4] },
      /^this is a Playground 2\.5 model/,
    ],
    [
      'an autoencoder of Flux',
      { ...FULL_SIZE['sd15'].components['vae'], 'decoder.conv_in.weight': [512, 16, 3, 3] },
      /^this is an autoencoder with 16 latent channels/,
    ],
    [
      'TAESD of Flux',
      { '1.weight': [64, 16, 3, 3], '1.bias': [64] },
      /^this is an autoencoder with 16 latent channels/,
    ],
    [
      'a hypernetwork',
      { '768.0.linear.0.weight': [1536, 768], '768.1.linear.0.weight': [1536, 768] },
      /^this is a hypernetwork; hypernetworks are not supported yet/,
    ],
    [
      '4-bit weights',
      {
        ...FULL_SIZE['sdxl'].stored,
        [`${UNET}input_blocks.4.1.proj_in.weight`]: [204800, 1],
        [`${UNET}input_blocks.4.1.proj_in.weight.absmax`]: [6400],
        [`${UNET}input_blocks.4.1.proj_in.weight.quant_state.bitsandbytes__nf4`]: [90],
      },
      /^this is a model with 4-bit weights \(bitsandbytes\)/,
    ],
    ['8-bit weights', { 'h.weight': [8, 8], 'h.SCB': [8] }, /^this is a model with 8-bit weights/],
    ['GPTQ', { 'a.qweight': [8, 8], 'a.qzeros': [8, 1] }, /^this is a model with 4-bit weights \(GPTQ or AWQ\)/],
    [
      'a smaller SDXL',
      Object.fromEntries(
        Object.entries(FULL_SIZE['sdxl'].components['unet']).filter(
          ([key]) => !/down_blocks\.2\.attentions\.\d\.transformer_blocks\.[4-9]/.test(key),
        ),
      ),
      /^this is a smaller SDXL/,
    ],
    [
      'Kolors',
      { ...FULL_SIZE['sdxl'].components['unet'], 'encoder_hid_proj.weight': [2048, 4096] },
      /^this is a Kolors model/,
    ],
    [
      'a relative of SDXL',
      { ...FULL_SIZE['sdxl'].components['unet'], 'add_embedding.linear_1.weight': [1280, 5632] },
      /added embedding has 5632 numbers, not 2816/,
    ],
    [
      'unCLIP',
      {
        ...FULL_SIZE['sd21'].stored,
        [`${UNET}label_emb.0.0.weight`]: [1280, 2048],
        [`${UNET}label_emb.0.0.bias`]: [1280],
      },
      /^this is a Stable unCLIP model/,
    ],
    ['GLIGEN', { 'position_net.linears.0.weight': [512, 8] }, /^this is a GLIGEN model/],
    [
      'an approximation of an autoencoder',
      { 'conv1.weight': [8, 4, 7, 7], 'conv8.weight': [3, 8, 3, 3] },
      /^this is a VAE approximation/,
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

describe('sentences about single files', () => {
  it('speak of no config', async () => {
    const altered = Object.fromEntries(
      Object.entries(FULL_SIZE['sd15'].stored).filter(([key]) => !key.startsWith(`${UNET}middle_block.1.`)),
    );
    const error: unknown = await openCheckpoint([virtualSafetensors('x.safetensors', altered)]).then(
      ({ missing }) => missing.join(),
      (thrown: unknown) => String(thrown),
    );
    expect(error).not.toMatch(/config|mid_block_type/);
  });
});
