/**
 * Forms in which programs of today and of yesterday write LoRAs: keys, dtypes and settings as their savers have them; the numbers are
 * held by kinds.test.ts. What cannot be read is named, with the way out.
 */
import { describe, expect, it } from 'vitest';
import { bytesSource, type ByteSource } from '../formats';
import { safetensorsBytes } from '../formats/testing/safetensors-bytes';
import { openAdapter } from '.';
import { safetensors, type TestTensor } from './testing/kinds';

const PATH = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';
const FLAT = `lora_unet_${PATH.replaceAll('.', '_')}`;
const LDM = 'lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q';
const SETTINGS = 'lora_adapter_metadata';

const filled = (shape: number[], value = 0.01): TestTensor => ({
  shape,
  values: new Float32Array(shape.reduce((all, n) => all * n, 1)).fill(value),
});

/** Values that differ, so that no block is its own transpose. */
const rising = (shape: number[]): TestTensor => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((all, n) => all * n, 1) }, (_, i) => (i % 7) / 100),
});

/** A pair of rank 4 of ones: Δ is 4 times what it is scaled by. */
const pair = (layer: string, [down, up]: readonly [string, string], width = 320): Record<string, TestTensor> => ({
  [`${layer}.${down}`]: filled([4, width], 1),
  [`${layer}.${up}`]: filled([width, 4], 1),
});
const KOHYA = ['lora_down.weight', 'lora_up.weight'] as const;
const PEFT = ['lora_A.weight', 'lora_B.weight'] as const;
const alpha = (value: number, shape: number[] = []): TestTensor => ({ shape, values: [value] });
const settings = (more: object): { metadata: Record<string, string> } => ({
  metadata: { format: 'pt', [SETTINGS]: JSON.stringify({ 'unet.r': 4, 'unet.lora_alpha': 8, ...more }) },
});

/** All tensors of one dtype, of bytes that are all the same. */
function typed(dtype: string, bytesEach: number, byte: number): ByteSource {
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [key, { shape }] of Object.entries(pair(FLAT, KOHYA))) {
    const next = end + shape.reduce((all, n) => all * n, bytesEach);
    header[key] = { dtype, shape, data_offsets: [end, next] };
    end = next;
  }
  return bytesSource('x.safetensors', safetensorsBytes(header, new Uint8Array(end).fill(byte)));
}

interface Read {
  kind: string;
  family?: string;
  layers?: number;
  /** First number of the first layer's difference, the weight being 0.01 everywhere. */
  first?: number;
  notice?: RegExp;
}

const READ: Record<string, [source: ByteSource, read: Read]> = {
  'kohya, alpha of one element': [
    safetensors({ ...pair(FLAT, KOHYA), [`${FLAT}.alpha`]: alpha(2, [1]) }),
    { kind: 'lora', first: 2 },
  ],
  'kohya, SDXL': [safetensors({ ...pair(LDM, KOHYA, 640), [`${LDM}.alpha`]: alpha(4) }), { kind: 'lora', first: 4 }],
  'in bfloat16 (0x3f3f is 0.746)': [typed('BF16', 2, 0x3f), { kind: 'lora', first: 4 * 0.74609375 ** 2 }],
  'in float8 of 4 bits (0x38 is 1)': [typed('F8_E4M3', 1, 0x38), { kind: 'lora', first: 4 }],
  'in float8 of 5 bits (0x3c is 1)': [typed('F8_E5M2', 1, 0x3c), { kind: 'lora', first: 4 }],
  'kohya lora_fa': [
    safetensors(
      { ...pair(FLAT, KOHYA), [`${FLAT}.alpha`]: alpha(1) },
      { metadata: { ss_network_module: 'networks.lora_fa' } },
    ),
    { kind: 'lora', first: 1 },
  ],
  'kohya oft': [
    safetensors({
      [`oft_unet_${FLAT.slice(10)}.oft_blocks`]: rising([4, 80, 80]),
      [`oft_unet_${FLAT.slice(10)}.alpha`]: alpha(0),
    }),
    { kind: 'oft' },
  ],
  'kohya oft_v2 and OneTrainer': [
    safetensors({
      [`${FLAT}.oft_R.weight`]: filled([10, 496]),
      'lora_te_text_model_encoder_layers_0_mlp_fc1.oft_R.weight': filled([24, 496]),
    }),
    { kind: 'oft_v2', layers: 2 },
  ],
  'OneTrainer, Open Model Initiative': [
    safetensors({ [`unet.${PATH}.oft_R.weight`]: filled([10, 496]) }),
    { kind: 'oft_v2' },
  ],
  'kohya boft': [
    safetensors({ [`${FLAT}.boft_R`]: filled([2, 80, 4, 4]), [`${FLAT}.boft_s`]: filled([320, 1], 1.5) }),
    { kind: 'boft_peft', first: 0.005 },
  ],
  'PEFT boft': [
    safetensors({
      [`base_model.model.${PATH}.boft_R`]: filled([1, 80, 4, 4]),
      [`base_model.model.${PATH}.boft_s`]: filled([1, 320], 1.5),
    }),
    { kind: 'boft_peft', first: 0.005 },
  ],
  'kohya krona, of a convolution, its kernel flat': [
    safetensors({
      'lora_unet_down_blocks_0_resnets_0_conv1.lokr_w1': filled([5, 4], 2),
      'lora_unet_down_blocks_0_resnets_0_conv1.lokr_w2': filled([64, 720], 3),
      'lora_unet_down_blocks_0_resnets_0_conv1.alpha': alpha(1),
    }),
    { kind: 'lokr', first: 6 },
  ],
  'kohya lokr, of a convolution of one cell, as a matrix': [
    safetensors({
      'lora_unet_down_blocks_0_attentions_0_proj_in.lokr_w1': filled([4, 4], 2),
      'lora_unet_down_blocks_0_attentions_0_proj_in.lokr_w2': filled([80, 80], 3),
    }),
    { kind: 'lokr', first: 6 },
  ],
  'PEFT lokr with its name for the adapter': [
    safetensors({
      [`base_model.model.${PATH}.lokr_w1.default`]: filled([4, 4], 1),
      [`base_model.model.${PATH}.lokr_w2_a.default`]: filled([80, 4], 1),
      [`base_model.model.${PATH}.lokr_w2_b.default`]: filled([4, 80], 1),
    }),
    { kind: 'lokr', first: 4, notice: /adapter_config\.json/ },
  ],
  'PEFT DoRA with names for the adapter': [
    safetensors({
      ...pair(`unet.${PATH}`, ['lora_A.default.weight', 'lora_B.default.weight']),
      [`unet.${PATH}.lora_magnitude_vector.default.weight`]: filled([320], 1),
    }),
    { kind: 'dora', first: 1 / Math.sqrt(320) - 0.01 },
  ],
  'diffusers, settings in the metadata': [
    safetensors(pair(`unet.${PATH}`, PEFT), settings({})),
    { kind: 'lora', first: 8 },
  ],
  'diffusers, a layer of its own alpha': [
    safetensors(pair(`unet.${PATH}`, PEFT), settings({ 'unet.alpha_pattern': { 'attn1.to_q': 2 } })),
    { kind: 'lora', first: 2 },
  ],
  'diffusers, of the layer’s whole name': [
    safetensors(pair(`unet.${PATH}`, PEFT), settings({ 'unet.alpha_pattern': { [`^${PATH}`]: 2, '^to_q': 7 } })),
    { kind: 'lora', first: 2 },
  ],
  'PEFT, of a name with escaped dots': [
    safetensors(pair(`unet.${PATH}`, PEFT), settings({ 'unet.alpha_pattern': { [String.raw`attn1\.to_q`]: 2 } })),
    { kind: 'lora', first: 2 },
  ],
  'PEFT, of an expression': [
    safetensors(pair(`unet.${PATH}`, PEFT), settings({ 'unet.alpha_pattern': { 'attn[12].to_q': 2 } })),
    { kind: 'lora', first: 8, notice: /rank_pattern, alpha_pattern/ },
  ],
  'PEFT, of an expression with a class of letters': [
    safetensors(pair(`unet.${PATH}`, PEFT), settings({ 'unet.alpha_pattern': { [String.raw`attn\d\.to_q`]: 2 } })),
    { kind: 'lora', first: 8, notice: /rank_pattern, alpha_pattern/ },
  ],
  'PEFT, whose ranks are in the tensors whatever an expression says': [
    safetensors(pair(`unet.${PATH}`, PEFT), settings({ 'unet.rank_pattern': { 'attn[12].to_q': 2 } })),
    { kind: 'lora', first: 8 },
  ],
  'diffusers, rank-stabilised': [
    safetensors(pair(`unet.${PATH}`, PEFT), settings({ 'unet.use_rslora': true })),
    { kind: 'lora', first: 16 },
  ],
  'several adapters of PEFT': [
    safetensors(pair(`unet.${PATH}`, ['lora_A.style.weight', 'lora_B.style.weight'])),
    { kind: 'lora', first: 4 },
  ],
  'an output layer without its number (Lora-for-Diffusers#4)': [
    safetensors({
      ...pair(FLAT.replace('to_q', 'to_out'), KOHYA),
      ...pair(`unet.${PATH.replace('attn1.to_q', 'attn2.to_out')}`, PEFT),
    }),
    { kind: 'lora', layers: 2, first: 4 },
  ],
  'OneTrainer, DoRA of columns': [
    safetensors({ ...pair(FLAT, KOHYA), [`${FLAT}.alpha`]: alpha(4), [`${FLAT}.dora_scale`]: filled([1, 320], 1) }),
    { kind: 'dora', first: 1 / Math.sqrt(320) - 0.01 },
  ],
  'OneTrainer, a text projection': [
    safetensors({ ...pair('lora_te2_text_projection', KOHYA, 1280), ...pair(LDM, KOHYA, 640) }),
    { kind: 'lora', family: 'sdxl', layers: 2, first: 4 },
  ],
};

describe('is read:', () => {
  it.each(Object.entries(READ))('%s', async (_, [source, { kind, family, layers = 1, first, notice }]) => {
    const adapter = await openAdapter(source);
    expect([adapter.kind, adapter.layers.size, adapter.unused]).toEqual([kind, layers, []]);
    if (family !== undefined) expect(adapter.family).toBe(family);
    if (notice) expect(adapter.notices.join()).toMatch(notice);
    else expect(adapter.notices).toEqual([]);
    for (const [id, { shape }] of adapter.layers) {
      const weight = new Float32Array(shape.reduce((all, n) => all * n, 1)).fill(0.01);
      const delta = await adapter.delta(id, { weight });
      if (first !== undefined) expect(delta[0]).toBeCloseTo(first, 5);
      else expect(delta.some((value) => value !== 0)).toBe(true);
    }
  });
});

const NAMED: Record<string, [source: ByteSource, sentence: RegExp]> = {
  'T-LoRA of LyCORIS 4': [
    safetensors({
      [`${FLAT}.q_layer.weight`]: filled([4, 320]),
      [`${FLAT}.p_layer.weight`]: filled([320, 4]),
      [`${FLAT}.lambda_layer`]: filled([1, 4]),
    }),
    /a T-LoRA of LyCORIS; .+ merge it into the model with LyCORIS, or take a LoRA$/,
  ],
  'OneTrainer’s scaled OFT': [
    safetensors({ [`${FLAT}.oft_R.weight`]: filled([10, 496]), [`${FLAT}.oft_R.scaled_oft`]: alpha(1) }),
    /an OFT of OneTrainer with scaled blocks; .+ or take a LoRA$/,
  ],
  'OFT of PEFT before 0.15': [
    safetensors({ [`base_model.model.${PATH}.oft_r`]: filled([8, 40, 40]) }),
    /PEFT alone has/,
  ],
  'IA3 of PEFT': [
    safetensors({ [`base_model.model.${PATH}.ia3_l`]: filled([320, 1]) }),
    /merge it into the model with PEFT/,
  ],
  VeRA: [
    safetensors({ [`base_model.model.${PATH}.vera_lambda_b`]: filled([4]) }),
    /VeRA; .+ save it merged, as a LoRA$/,
  ],
  'a LoRA of MLX': [
    safetensors({ [`unet.${PATH}.lora_a`]: filled([320, 4]), [`unet.${PATH}.lora_b`]: filled([4, 320]) }),
    /a kind that Gesso does not know: .+; take a LoRA or LyCORIS$/,
  ],
  'a model that MLX’s dreambooth.py saved': [
    safetensors({ 'conv_in.weight': filled([320, 3, 3, 4]), 'conv_in.bias': filled([320]) }),
    /a model of its own, or a part of one, not a LoRA: .+; open it as a model$/,
  ],
  'a file of Draw Things': [
    bytesSource('x_lora_f16.ckpt', Buffer.from(`SQLite format 3\0${'\0'.repeat(500)}`)),
    /a database \(SQLite\), as Draw Things keeps its models and LoRAs; .+ take the same model in one of these formats$/,
  ],
  'factors of whole numbers': [
    typed('I8', 1, 3),
    /has whole numbers, without the scale that they need; nothing in the file fits/,
  ],
};

describe('is named, with the way out:', () => {
  it.each(Object.entries(NAMED))('%s', async (_, [source, sentence]) => {
    await expect(openAdapter(source)).rejects.toThrow(sentence);
  });
});
