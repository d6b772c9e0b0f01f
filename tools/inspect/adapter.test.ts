/** What the command line says of LoRAs and embeddings. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { safetensors, type TestTensor } from '../../src/core/adapters/testing/kinds';
import { ask, run } from './testing/ask';

const SMALL = 'src/core/adapters/fixtures/sd15-rank-2.safetensors';
const LAYER = 'unet/down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gesso-inspect-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, tensors: Record<string, TestTensor>): Promise<string> {
  const source = safetensors(tensors);
  await writeFile(join(folder, name), await source.read(0, source.size));
  return join(folder, name);
}

describe('adapter', () => {
  it('prints what a LoRA is', async () => {
    const { hashes, ...facts } = await ask<{ hashes: Record<string, string> }>(`adapter ${SMALL} --family sd15`);
    expect(facts).toEqual({
      kind: 'lora',
      family: 'sd15',
      modules: 3,
      rank: 2,
      alpha: 1,
      textEncoder: true,
      unused: [],
      alias: 'gesso_small',
      title: 'Gesso small',
      triggerWords: ['gesso style', 'a cat', 'outdoors'],
    });
    expect(hashes).toEqual({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      short: hashes['sha256'].slice(0, 10),
      addnet: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      addnetShort: hashes['addnet'].slice(0, 12),
    });
  });

  it('prints what an embedding is', async () => {
    const { hashes, ...facts } = await ask<{ hashes: object }>(
      'adapter src/core/adapters/fixtures/embeddings/pair.safetensors',
    );
    expect(facts).toEqual({
      kind: 'embedding',
      name: 'pair',
      family: 'sdxl',
      vectors: { text_encoder: [2, 768], text_encoder_2: [2, 1280] },
      ignored: [],
    });
    expect(Object.keys(hashes)).toEqual(['sha256', 'short', 'addnet', 'addnetShort']);
    expect(await ask('adapter src/core/adapters/fixtures/embeddings/chunk.png')).toMatchObject({
      kind: 'embedding',
      name: 'picture',
    });
  });

  it('answers with the sentence where a file is another thing', async () => {
    expect(await ask(`adapter ${SMALL} --family sdxl`)).toEqual({
      error:
        'sd15-rank-2.safetensors: this is a LoRA for SD 1.5, not for SDXL: choose a model of SD 1.5, or a version of it for SDXL',
    });
    expect(await run(`adapter ${SMALL} --family flux`)).toEqual({
      code: 2,
      problem: '--family must be one of sd15, sd21, sdxl, sdxl-refiner, not "flux".',
    });
    expect((await run(`adapter ${folder}/none`)).problem).toMatch(/none: no such file or folder\.$/);
  });

  it('takes the settings of a folder that PEFT wrote', async () => {
    await mkdir(join(folder, 'peft'));
    const key = 'base_model.model.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';
    const ones = (...shape: number[]): TestTensor => ({ shape, values: new Float32Array(shape[0] * shape[1]).fill(1) });
    await write('peft/adapter_model.safetensors', {
      [`${key}.lora_A.weight`]: ones(4, 320),
      [`${key}.lora_B.weight`]: ones(320, 4),
    });
    await writeFile(
      join(folder, 'peft', 'adapter_config.json'),
      JSON.stringify({ peft_type: 'LORA', r: 4, lora_alpha: 6 }),
    );
    const delta = await ask<{ values: number[]; scale: number }>(
      `delta ${folder}/peft --module ${key.replace('base_model.model.', 'unet/')}`,
    );
    expect([delta.scale, delta.values[0]]).toEqual([1.5, 6]);
  });
});

describe('delta', () => {
  it('prints a layer’s difference', async () => {
    const { shape, values, norm } = await ask<{ shape: number[]; values: number[]; norm: number }>(
      `delta ${SMALL} --module ${LAYER}`,
    );
    expect([shape, values.length]).toEqual([[320, 768], 64]);
    const half = await ask<{ values: number[]; norm: number }>(
      `delta ${SMALL} --module ${LAYER}.weight --strength -0.5`,
    );
    expect(half.norm).toBeCloseTo(norm / 2, 6);
    expect(half.values[0]).toBeCloseTo(values[0] / -2, 6);
  });

  it('asks for the model where the difference depends on it, and reads its weights', async () => {
    const tensors = { 'lora_unet_conv_out.set_weight': { shape: [32, 96, 3, 3] } };
    const path = await write('set.safetensors', tensors);
    const starter = await ask<{ shape: number[]; norm: number } | { error: string }>(
      `delta ${path} --module unet/conv_out --model tools/starter/model`,
    );
    if ('error' in starter) throw new Error(starter.error);
    expect(starter.norm).toBeGreaterThan(0);
    expect((await run(`delta ${SMALL} --module unet/conv_out`)).problem).toMatch(
      /^It changes no layer "unet\/conv_out"; it changes 3, such as/,
    );
    expect((await run(`delta ${SMALL} --module ${LAYER} --strength 1e9`)).problem).toMatch(
      /its strength is 1000000000; allowed is/,
    );
  });
});
