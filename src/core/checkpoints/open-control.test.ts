import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { bytesSource } from '../formats';
import { elementCount } from '../graph';
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
    ['a Control-LoRA', { lora_controlnet: [1], 'input_hint_block.0.weight': [16, 3, 3, 3] }, /a Control-LoRA/],
    ['an LLLite', { 'lllite_unet_input_blocks_4_1.down.0.weight': [32, 640] }, /a ControlNet-LLLite/],
    ['a difference', { difference: [], 'input_hint_block.0.weight': [16, 3, 3, 3] }, /difference/],
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

  it('says how much is missing of a file that was cut', async () => {
    await expect(open(without(original('sd15'), /^middle_block\.0/))).rejects.toThrow(/tensors are missing/);
    await expect(open(without(original('t2i'), /^body\.7\.block2/))).rejects.toThrow(/this is a T2I-Adapter, but/);
  });
});
