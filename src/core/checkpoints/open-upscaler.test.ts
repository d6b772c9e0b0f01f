import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource, readSafetensors } from '../formats';
import { floatSafetensors } from '../formats/testing/safetensors-bytes';
import { relativeError } from '../weights/testing/numbers';
import { openUpscaler } from './open-upscaler';

const fixtures = new URL('../networks/fixtures/', import.meta.url);

async function fixture(path: string) {
  return bytesSource(path, new Uint8Array(await readFile(fileURLToPath(new URL(path, fixtures)))));
}

/** A file of zeros. */
const zeros = (shapes: Record<string, number[]>, name = 'some.safetensors') =>
  bytesSource(
    name,
    floatSafetensors(
      Object.fromEntries(
        Object.entries(shapes).map(([key, shape]) => [
          key,
          { shape, values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0) },
        ]),
      ),
    ),
  );

/** A Compact of three convolutions. */
const compact = (prefix = '', outChannels = 12): Record<string, number[]> => ({
  [`${prefix}body.0.weight`]: [4, 3, 3, 3],
  [`${prefix}body.0.bias`]: [4],
  [`${prefix}body.1.weight`]: [4],
  [`${prefix}body.2.weight`]: [4, 4, 3, 3],
  [`${prefix}body.2.bias`]: [4],
  [`${prefix}body.3.weight`]: [4],
  [`${prefix}body.4.weight`]: [outChannels, 4, 3, 3],
  [`${prefix}body.4.bias`]: [outChannels],
});

describe('openUpscaler', () => {
  it.each([
    ['compact', 'compact', { scale: 4, multiple: 1 }, { features: 8, convolutions: 3 }],
    ['compact-x1', 'compact', { scale: 1 }, { convolutions: 3 }],
    ['compact-x2', 'compact', { scale: 2 }, {}],
    ['rrdb-new', 'rrdb', { scale: 4, multiple: 1, blocks: 2 }, { features: 8, growth: 4, upsamplings: 2 }],
    ['rrdb-bsrgan', 'rrdb', { scale: 2, blocks: 2 }, { upsamplings: 1, unshuffle: 1 }],
    ['rrdb-old', 'rrdb', { scale: 4, blocks: 2 }, { growth: 4 }],
    ['rrdb-old-x1', 'rrdb', { scale: 1, blocks: 1 }, { upsamplings: 0 }],
    ['rrdb-x2', 'rrdb', { scale: 2, multiple: 2, blocks: 1 }, { unshuffle: 2 }],
    ['rrdb-x1', 'rrdb', { scale: 1, multiple: 4, blocks: 1 }, { unshuffle: 4 }],
    ['span', 'span', { scale: 4, multiple: 1 }, { features: 4, normalises: true }],
    ['span-plain', 'span', { scale: 2 }, { normalises: false }],
    [
      'omnisr',
      'omnisr',
      { scale: 4, multiple: 8, blocks: 2 },
      { features: 8, groups: 2, window: 8, hasPositions: true },
    ],
    ['omnisr-plain', 'omnisr', { scale: 2 }, { hasPositions: false }],
  ])('knows %s by its tensors', async (name, network, sizes, config) => {
    const opened = await openUpscaler(await fixture(`upscaler-${name}/weights.safetensors`));
    expect(opened.network).toBe(network);
    expect(opened.sizes).toMatchObject(sizes);
    expect(opened.config).toMatchObject(config);
  });

  it('reads torch’s files, whose names are in a dictionary of their own', async () => {
    const torch = await openUpscaler(await fixture('upscaler-compact/weights.pth'));
    const safe = await openUpscaler(await fixture('upscaler-compact/weights.safetensors'));
    expect(torch.config).toEqual(safe.config);
    expect(torch.tensors.names().sort()).toEqual(safe.tensors.names().sort());
    for (const name of torch.tensors.names())
      expect(await torch.tensors.read(name)).toEqual(await safe.tensors.read(name));
  });

  it('has the same tensors in every dialect', async () => {
    const [ours, old] = await Promise.all(
      ['rrdb-new', 'rrdb-old'].map(async (name) => openUpscaler(await fixture(`upscaler-${name}/weights.safetensors`))),
    );
    expect(old.tensors.names().sort()).toEqual(ours.tensors.names().sort());
    for (const name of ours.tensors.names())
      expect(await old.tensors.read(name)).toEqual(await ours.tensors.read(name));
  });

  it('takes the average where there is one beside what was trained', async () => {
    const opened = await openUpscaler(zeros({ ...compact('params.', 27), ...compact('params_ema.', 12) }));
    expect(opened.sizes.scale).toBe(2);
  });

  it('fuses what SPAN was trained as, whatever the file keeps of the fused', async () => {
    const { tensors } = await openUpscaler(await fixture('upscaler-span/weights.safetensors'));
    const source = await fixture('upscaler-span/weights.safetensors');
    const stale = (await readSafetensors(source)).tensors.get('conv_1.eval_conv.weight');
    expect(tensors.shape('conv_1.weight')).toEqual(stale?.shape);
    expect(tensors.names().filter((name) => /eval_conv|\.sk\./.test(name))).toEqual([]);
    expect(tensors.has('block_6.c3_r.bias')).toBe(true);
    const fused = await tensors.read('conv_1.weight');
    expect(fused.every(Number.isFinite)).toBe(true);
    expect(relativeError(fused, new Float32Array(fused.length))).toBeGreaterThan(0);
  });

  it('reads a SPAN that was fused for good', async () => {
    const { tensors: all, source } = await readSafetensors(await fixture('upscaler-span/weights.safetensors'));
    expect(source.size).toBeGreaterThan(0);
    const shapes = [...all]
      .filter(([key]) => !/\.(sk|conv\.\d)\./.test(key))
      .map(([key, { shape }]) => [key, [...shape]]);
    const opened = await openUpscaler(zeros(Object.fromEntries(shapes) as Record<string, number[]>));
    expect(opened.network).toBe('span');
    expect(await opened.tensors.read('conv_1.weight')).toEqual(new Float32Array(4 * 3 * 9));
  });

  it.each<[string, Record<string, number[]>, RegExp]>([
    [
      'a LoRA',
      { 'lora_unet_x.lora_down.weight': [4, 320], 'lora_unet_x.lora_up.weight': [320, 4] },
      /this is a LoRA .*, no upscaler$/,
    ],
    [
      'a checkpoint',
      { 'model.diffusion_model.input_blocks.0.0.weight': [320, 4, 3, 3] },
      /this is a checkpoint, which paints pictures and makes none larger; open it as a model$/,
    ],
    [
      'a SwinIR',
      { 'layers.0.residual_group.blocks.0.attn.qkv.weight': [6, 2] },
      /this is a SwinIR upscaler, which Gesso does not run; it runs Compact \(SRVGGNet\), OmniSR, RRDBNet \(ESRGAN\) and SPAN$/,
    ],
    ['a ControlNet', { 'control_model.x.weight': [1] }, /this is a ControlNet, no upscaler that Gesso runs/],
    ['anything else', { 'some.weight': [1] }, /its tensors are of no upscaler that Gesso knows/],
    ['no tensors', {}, /there are no tensors in it/],
    [
      'one for grey pictures',
      { ...compact(), 'body.0.weight': [4, 1, 3, 3] },
      /some\.safetensors: this upscaler reads 1 channels and writes 12/,
    ],
    [
      'one that lacks a tensor',
      Object.fromEntries(Object.entries(compact()).filter(([key]) => key !== 'body.4.bias')),
      /"body\.4\.bias" is missing/,
    ],
    [
      'ESRGAN+',
      {
        'model.0.weight': [4, 3, 3, 3],
        'model.1.sub.0.RDB1.conv1.0.weight': [2, 4, 3, 3],
        'model.1.sub.0.RDB1.conv1x1.weight': [2, 4, 1, 1],
      },
      /this is an ESRGAN\+ upscaler/,
    ],
  ])('refuses %s in one sentence', async (_what, shapes, sentence) => {
    await expect(openUpscaler(zeros(shapes))).rejects.toThrow(sentence);
  });
});
