import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { bytesSource } from '../formats';
import { elementCount, exprTensors, type Target } from '../graph';
import { openNetwork } from '../networks';
import { StoredBranches } from '../weights';
import { openControl } from './open-control';
import { readFixture, virtualSafetensors, type Shapes } from './testing/layouts';

/** tools/fixtures/make_control_shapes.py */
const published =
  readFixture<Record<string, { shapes: Shapes; original?: Record<string, string> }>>('control-shapes.json.gz');

const open = (shapes: Shapes, name = 'control.safetensors', ...beside: ReturnType<typeof bytesSource>[]) =>
  openControl([virtualSafetensors(name, shapes), ...beside]);

/** Tensors in the words of the original programs. */
function original(id: string, prefix = ''): Shapes {
  const { shapes, original: names = {} } = published[id];
  return Object.fromEntries(Object.entries(names).map(([theirs, ours]) => [prefix + theirs, shapes[ours]]));
}

/** Model, its published number of parameters, family. */
const MODELS = [
  ['sd15', 361_279_120, 'sd15'],
  ['sd21', 364_228_240, 'sd21'],
  ['sdxl', 1_251_014_160, 'sdxl'],
  ['sdxl-mid', 270_942_480, 'sdxl'],
  ['sdxl-small', 160_111_120, 'sdxl'],
  ['union', undefined, 'sdxl'],
  ['union-promax', undefined, 'sdxl'],
  ['t2i', 77_369_280, 'sd15'],
  ['t2i-grey', undefined, 'sd15'],
  ['t2i-light', 18_689_200, 'sd15'],
  ['t2i-xl', 79_028_160, 'sdxl'],
] as const;

describe.each(MODELS)('%s', (id, parameters, family) => {
  const { shapes, original: names } = published[id];

  it('is told by diffusers’ names, every tensor read', async () => {
    const opened = await open(shapes);
    expect(opened.family).toBe(family);
    expect(opened.tensors.names().sort()).toEqual(Object.keys(shapes).sort());
    for (const [name, shape] of Object.entries(shapes)) expect(opened.tensors.shape(name)).toEqual(shape);
    if (parameters !== undefined)
      expect(Object.values(shapes).reduce((sum, shape) => sum + elementCount(shape), 0)).toBe(parameters);
  });

  it.runIf(names)('is told by its authors’ names, with and without a prefix', async () => {
    const prefixes = id.startsWith('t2i') ? [''] : ['', 'control_model.'];
    for (const prefix of prefixes) {
      const opened = await open(original(id, prefix));
      expect(opened.family).toBe(family);
      expect(opened.tensors.names().sort()).toEqual(Object.keys(shapes).sort());
    }
  });
});

/** As Stability's files are: biases, norms, hint and zero convolutions whole, a product of rank 128 in place of all other weights. */
function controlLora(id: string, isFlat: boolean): Shapes {
  const rank = 128;
  const entries = Object.entries(original(id)).flatMap(([key, shape]): [string, number[]][] => {
    const layer = key.replace(/\.weight$/, '');
    if (shape.length < 2 || /^(input_hint_block|zero_convs|middle_block_out)/.test(key)) return [[key, [...shape]]];
    const [out, ...inner] = shape;
    const ones = isFlat ? [] : inner.slice(1).map(() => 1);
    return [
      [`${layer}.up`, [out, rank, ...ones]],
      [`${layer}.down`, isFlat ? [rank, elementCount(inner)] : [rank, ...inner]],
    ];
  });
  return { lora_controlnet: [0], ...Object.fromEntries(entries) };
}

describe.each([
  ['sd15', false],
  ['sdxl', false],
  ['sdxl', true],
] as const)('a Control-LoRA for %s, its factors flat: %s', (id, isFlat) => {
  it('is told as the ControlNet that it stands for, every tensor read', async () => {
    const [lora, whole] = [await open(controlLora(id, isFlat)), await open(original(id))];
    expect(lora.family).toBe(id);
    expect(lora.config).toEqual({ ...whole.config, lora_controlnet: true });
    const weights = Object.keys(controlLora(id, isFlat)).filter((key) => key !== 'lora_controlnet');
    expect(lora.tensors.names()).toHaveLength(weights.length);
  });

  it.each<Target>(['webgpu', 'portable'])('stands with each product beside a weight on %s', async (target) => {
    const { config, tensors, components } = await open(controlLora(id, isFlat));
    const factors = tensors.names().flatMap((name) => {
      const [, weight] = /^(.+)\.up$/.exec(name) ?? [];
      const read = () => expect.fail('read');
      return weight === undefined ? [] : [[weight, { rank: tensors.shape(name)[1], read }] as const];
    });
    const products = new StoredBranches('factor', new Map(factors));
    const form = { target, activations: 'float16', branches: products.branches } as const;
    const { weights } = openNetwork(components[0], { file: 'x', config }).build(form);
    expect(products.unused).toEqual([]);
    // all others are whole in the file, or the model's of the same name
    const { shapes } = published[id];
    const others = exprTensors(weights.map(({ expr }) => expr)).filter(({ name }) => !name.includes('branch'));
    for (const { name, shape } of others) expect(shapes[name], name).toEqual(shape);
  });
});

describe('openControl', () => {
  it('says how many kinds a Union knows, and none of others', async () => {
    expect((await open(published['union'].shapes)).control?.kinds).toBe(6);
    expect((await open(published['union-promax'].shapes)).control?.kinds).toBe(8);
    expect((await open(published['sdxl'].shapes)).control?.kinds).toBe(0);
  });

  it('takes the ControlNet out of a file that holds a whole model beside it', async () => {
    const shapes = { ...original('sd15', 'control_model.'), 'model.diffusion_model.out.2.bias': [4] };
    expect((await open(shapes)).components).toEqual(['control_step', 'control_hint']);
  });

  it('gives means where the file’s name or its config says so', async () => {
    expect((await open(original('sd15'), 'control_v11e_sd15_shuffle.pth')).control?.pools).toBe(true);
    const config = bytesSource('config.json', new TextEncoder().encode('{"global_pool_conditions":true}'));
    expect((await open(published['sd15'].shapes, 'x.safetensors', config)).control?.pools).toBe(true);
    expect((await open(original('sd15'))).control?.pools).toBe(false);
  });

  it('says of adapters how large their features are', async () => {
    expect((await open(published['t2i'].shapes)).features).toEqual({
      channels: [320, 640, 1280, 1280],
      factors: [8, 16, 32, 64],
    });
    expect((await open(published['t2i-light'].shapes)).features?.channels).toEqual([320, 640, 1280, 1280]);
    expect((await open(published['t2i-xl'].shapes)).features?.factors).toEqual([16, 16, 32, 32]);
  });
});

const without = (shapes: Shapes, pattern: RegExp): Shapes =>
  Object.fromEntries(Object.entries(shapes).filter(([key]) => !pattern.test(key)));

describe('what is no ControlNet', () => {
  it.each([
    [
      'a LoRA',
      { 'lora_unet_mid.lora_down.weight': [4, 320], 'lora_unet_mid.lora_up.weight': [320, 4] },
      /a LoRA for .*, no ControlNet/,
    ],
    ['an LLLite', { 'lllite_unet_input_blocks_4_1.down.0.weight': [32, 640] }, /a ControlNet-LLLite/],
    ['a difference', { difference: [], 'input_hint_block.0.weight': [16, 3, 3, 3] }, /difference/],
    ['a ControlNet-XS of diffusers', { 'down_blocks.0.base_to_ctrl.0.weight': [32, 320, 1, 1] }, /a ControlNet-XS/],
    [
      'a ControlNet-XS of its authors',
      { 'control_model.input_hint_block.0.weight': [16, 3, 3, 3], 'enc_zero_convs_out.0.0.weight': [320, 32, 1, 1] },
      /a ControlNet-XS/,
    ],
    ['a BrushNet', { 'brushnet_down_blocks.0.weight': [320, 320, 1, 1] }, /a BrushNet/],
    ['one for Kolors', { ...published['sdxl'].shapes, 'encoder_hid_proj.weight': [2048, 4096] }, /for Kolors/],
    ['a fuser', { task_embedding: [16, 768], 'spatial_feat_mapping.0.1.weight': [768, 320] }, /a fuser of several CoA/],
    ['an IP-Adapter', { 'image_proj.proj.weight': [3072, 1024] }, /an IP-Adapter/],
    [
      'a checkpoint',
      { 'model.diffusion_model.input_blocks.0.0.weight': [320, 4, 3, 3] },
      /a checkpoint or a part of one/,
    ],
    ['anything', { weight: [3, 4] }, /of no ControlNet that Gesso knows/],
    ['nothing', {}, /no tensors/],
  ] as [string, Shapes, RegExp][])('%s is named in a sentence', async (_, shapes, sentence) => {
    await expect(open(shapes)).rejects.toThrow(sentence);
    await expect(open(shapes)).rejects.toBeInstanceOf(AppError);
  });

  it('says so where the zero convolutions are missing', async () => {
    await expect(open(without(original('sd15'), /^zero_convs|^middle_block_out/))).rejects.toThrow(
      /this is a ControlNet, but the zero convolutions by which it acts are missing/,
    );
  });

  it('says what is missing of a Control-LoRA that no model has', async () => {
    const cut = without(controlLora('sdxl', false), /^zero_convs/);
    await expect(open(cut)).rejects.toThrow(/this is a Control-LoRA, but the zero convolutions by which it acts/);
    const odd = { ...controlLora('sdxl', false), 'middle_block.1.proj_in.down': [128, 640] };
    await expect(open(odd)).rejects.toThrow(/"middle_block.1.proj_in.down" has shape \[128, 640\]/);
    const half = without(controlLora('sdxl', false), /^middle_block\.1\.proj_in\.down/);
    await expect(open(half)).rejects.toThrow(/of "middle_block.1.proj_in" it has one of two factors/);
  });

  it('says how much is missing of a file that was cut', async () => {
    await expect(open(without(original('sd15'), /^middle_block\.0/))).rejects.toThrow(/tensors are missing/);
    await expect(open(without(original('t2i'), /^body\.7\.block2/))).rejects.toThrow(/this is a T2I-Adapter, but/);
  });
});
