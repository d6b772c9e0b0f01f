/** Files that are damaged, or another thing: one sentence each, with what was found and the way out. */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../formats';
import { openAdapter, type AdapterOptions } from '.';
import { fixture, safetensors, type TestTensor } from './testing/kinds';

const LAYER = 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q';
const ID = 'unet/down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';

type Tensors = Record<string, TestTensor>;
const pair = (rank: number, more: Tensors = {}, layer = LAYER): Tensors => ({
  [`${layer}.lora_down.weight`]: { shape: [rank, 320], values: new Float32Array(rank * 320).fill(1) },
  [`${layer}.lora_up.weight`]: { shape: [320, rank], values: new Float32Array(rank * 320).fill(1) },
  ...more,
});
const open = (tensors: Tensors, options: AdapterOptions = { family: 'sd15' }) =>
  openAdapter(safetensors(tensors), options);

describe('openAdapter', () => {
  it.each([
    [
      'rank 0',
      pair(0),
      `x.safetensors: has rank 0 at ${ID}; allowed is 1 to 2048; there is nothing in it: take another version of the file`,
    ],
    [
      'rank 4096',
      pair(4096),
      `x.safetensors: has rank 4096 at ${ID}; allowed is 1 to 2048; the layer is [320, 320], and more holds nothing more: resize it with kohya's resize_lora.py`,
    ],
    [
      'an alpha that is not a number',
      pair(1, { [`${LAYER}.alpha`]: { shape: [], values: [NaN] } }),
      /tensor ".+\.alpha" holds NaN/,
    ],
    [
      'a negative alpha',
      pair(1, { [`${LAYER}.alpha`]: { shape: [], values: [-4] } }),
      `x.safetensors: ${ID} has alpha -4; allowed is any number from 0 on: the training went wrong, take another version of the file`,
    ],
    [
      'two alphas',
      pair(1, { [`${LAYER}.alpha`]: { shape: [2] } }),
      /has alpha of shape \[2\]; it must be one number; nothing in the file fits SD 1\.5, SD 2, SDXL/,
    ],
    [
      'half a pair',
      { [`${LAYER}.lora_up.weight`]: { shape: [320, 4] } },
      /tensor ".+lora_up\.weight" is one part of several, and the others are missing; nothing in the file fits/,
    ],
    [
      'factors of different ranks',
      { [`${LAYER}.lora_down.weight`]: { shape: [4, 320] }, [`${LAYER}.lora_up.weight`]: { shape: [320, 8] } },
      /has factors \[4, 320\] and \[320, 8\] of different ranks/,
    ],
    [
      'a wrong shape',
      {
        [`${LAYER}.alpha`]: { shape: [], values: [4] },
        [`${LAYER}.lora_down.weight`]: { shape: [4, 321] },
        [`${LAYER}.lora_up.weight`]: { shape: [320, 4] },
      },
      /lora_down\.weight" has factors for \[320, 321\]; the layer is \[\d+, \d+\]/,
    ],
    [
      'a kind that is not known',
      { [`${LAYER}.strange`]: { shape: [320] } },
      /^x\.safetensors: this is an adapter of a kind that Gesso does not know: tensor ".+strange" is no part of a known kind; take a LoRA or LyCORIS$/,
    ],
    [
      'a kind of PEFT alone',
      { 'base_model.model.conv_in.ia3_l': { shape: [320, 1] } },
      /this is an adapter of a kind that PEFT alone has .+; merge it into the model with PEFT, or take a LoRA$/,
    ],
    [
      'no tensors',
      {},
      'x.safetensors: this is no LoRA that Gesso knows: there are no tensors in it; choose the file of a LoRA for one of these',
    ],
    [
      'other tensors',
      { 'a.b.c': { shape: [1] } },
      /its tensors, such as "a\.b\.c", are of no layer of SD 1\.5, SD 2, SDXL/,
    ],
  ])('says what is wrong: %s', async (_, tensors, message) => {
    await expect(open(tensors)).rejects.toThrow(message);
  });

  it('keeps what fits and lists the rest, with reasons', async () => {
    const other = LAYER.replace('to_q', 'to_k');
    const adapter = await open({
      ...pair(2),
      [`${other}.lora_up.weight`]: { shape: [320, 2] },
      [`${LAYER}.lora_unheard`]: { shape: [1] },
      'lora_te1_text_projection.lora_down.weight': { shape: [2, 768] },
      [`${LAYER}.diff`]: { shape: [320, 320] },
      [`${LAYER}.diff_b`]: { shape: [320] },
    });
    expect(adapter.layers.size).toBe(1);
    expect(adapter.unused).toEqual([
      { key: `${LAYER}.lora_unheard`, reason: 'is no part of a known kind' },
      { key: 'lora_te1_text_projection.lora_down.weight', reason: 'fits no layer of this model' },
      { key: `${LAYER}.diff`, reason: 'is of a second kind on the same layer' },
      { key: `${LAYER}.diff_b`, reason: `changes a bias, and ${ID} has none` },
      { key: `${other}.lora_up.weight`, reason: 'is one part of several, and the others are missing' },
    ]);
  });

  it('refuses factors that are not numbers by the tensor’s name', async () => {
    const adapter = await open(
      pair(1, { [`${LAYER}.lora_up.weight`]: { shape: [320, 1], values: new Float32Array(320).fill(Infinity) } }),
    );
    await expect(adapter.delta(ID)).rejects.toThrow(
      /^x\.safetensors: tensor ".+lora_up\.weight" holds Infinity at element 0/,
    );
  });

  it('refuses products that leave the range of numbers', async () => {
    const huge = { shape: [320, 1], values: new Float32Array(320).fill(3e38) };
    const down = { shape: [1, 320], values: new Float32Array(320).fill(3e38) };
    const adapter = await open({ [`${LAYER}.lora_down.weight`]: down, [`${LAYER}.lora_up.weight`]: huge });
    await expect(adapter.delta(ID)).rejects.toThrow(
      /leaves the range of numbers at element 0: the training went wrong/,
    );
  });

  it.each([1e9, -1001, NaN])('refuses a strength of %s', async (strength) => {
    const adapter = await open(pair(1));
    await expect(adapter.delta(ID, { strength })).rejects.toThrow(
      `x.safetensors: its strength is ${strength}; allowed is −1000 to 1000, and most work between −2 and 2`,
    );
  });

  it('names a layer that it does not change, and a weight that is missing', async () => {
    await expect((await open(pair(1))).delta('unet/conv_out')).rejects.toThrow(
      `x.safetensors: changes no layer "unet/conv_out"; it changes 1, such as "${ID}"`,
    );
    const dora = await open(pair(1, { [`${LAYER}.dora_scale`]: { shape: [320, 1] } }));
    await expect(dora.delta(ID)).rejects.toThrow(
      /whose difference depends on the weight: give the model's own, \[320, 320\]/,
    );
  });

  it('says of a cut file that it is incomplete', async () => {
    const bytes = fixture('sd15-rank-2.safetensors');
    await expect(openAdapter(bytesSource('cut.safetensors', bytes.subarray(0, 9000)))).rejects.toThrow(
      /^cut\.safetensors: .*the download is incomplete/,
    );
    await expect(openAdapter(bytesSource('page.safetensors', Buffer.from('<!doctype html>')))).rejects.toThrow(
      /web page/,
    );
  });

  it.each([
    ['a Control-LoRA', { lora_controlnet: { shape: [1] }, 'input_blocks.0.0.weight': { shape: [1] } }],
    ['a ControlNet-LLLite', { 'lllite_unet_input_blocks_1_1.conditioning1.0.weight': { shape: [1] } }],
    [
      'a motion LoRA of AnimateDiff',
      {
        'down_blocks.0.motion_modules.0.temporal_transformer.transformer_blocks.0.attention_blocks.0.processor.to_q_lora.down.weight':
          { shape: [1] },
      },
    ],
    ['an IP-Adapter', { '0.to_q_lora.down.weight': { shape: [1] } }],
    ['a LoRA of cloneofsimo’s first format', { 'unet:0:up': { shape: [1] } }],
    ['a LoRA of cloneofsimo’s first format', { '0': { shape: [320, 4] }, '1': { shape: [4, 320] } }],
    ['a hypernetwork', { '768.0.linear.0.weight': { shape: [1] } }],
    ['a LoRA for Flux', { 'transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight': { shape: [1] } }],
    [
      'a LoRA for Flux',
      {
        'lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight': { shape: [1] },
        'lora_te1_text_model_encoder_layers_0_mlp_fc1.lora_down.weight': { shape: [4, 768] },
      },
    ],
    ['a LoRA for Stable Diffusion 3', { 'lora_unet_joint_blocks_0_x_block_attn_qkv.lora_down.weight': { shape: [1] } }],
    ['a LoRA for Wan', { 'diffusion_model.blocks.0.self_attn.q.lora_A.weight': { shape: [1] } }],
  ])('names %s', async (what, tensors) => {
    const error: unknown = await open(tensors as Tensors).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'unsupported-model',
      message: expect.stringContaining(`x.safetensors: this is ${what}`) as string,
    });
    expect((error as Error).message).toMatch(/; /);
  });

  it('opens 10⁵ keys of no layer', { timeout: 30_000 }, async () => {
    const tensors: Tensors = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, i) => [`lora_unet_nothing_${i}.lora_down.weight`, { shape: [0] }]),
    );
    const adapter = await open({ ...tensors, ...pair(1) });
    expect(adapter.unused.length).toBe(100_000);
  });
});

describe('an adapter’s first convolution', () => {
  it('leaves the channels of models that read a picture as they are (A1111)', async () => {
    const tensors: Tensors = {
      'lora_unet_conv_in.lora_down.weight': { shape: [2, 4, 3, 3], values: new Float32Array(72).fill(1) },
      'lora_unet_conv_in.lora_up.weight': { shape: [320, 2, 1, 1], values: new Float32Array(640).fill(1) },
    };
    const wide = new Map([['unet', new Map([['conv_in.weight', [320, 9, 3, 3]]])]] as const);
    const adapter = await open(tensors, { model: wide });
    const delta = await adapter.delta('unet/conv_in');
    expect(delta.length).toBe(320 * 81);
    expect([delta[0], delta[35], delta[36], delta[80], delta[81]]).toEqual([2, 2, 0, 0, 2]);
    const factors = await adapter.factors('unet/conv_in');
    expect([factors?.down.length, factors?.down[35], factors?.down[36]]).toEqual([2 * 81, 1, 0]);
  });
});
