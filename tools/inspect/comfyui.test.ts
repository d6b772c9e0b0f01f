/** What the command line says of ComfyUI's workflows. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embedPngText } from '../../src/core/image/metadata';
import { ask, run } from './testing/ask';
import { PNG } from 'pngjs';

interface Answer {
  format: string;
  nodes: number;
  unknown: object[];
  runs: boolean;
  problems: { message: string }[];
  models: { folder: string; name: string }[];
  api: Record<string, { class_type: string; inputs: Record<string, unknown> }>;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gesso-comfyui-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, text: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

describe('comfyui', () => {
  it('prints what a workflow is, and what would run', async () => {
    const { api, models, ...facts } = await ask<Answer>('comfyui tools/inspect/testing/comfyui.json');
    expect(facts).toMatchObject({ format: 'ui', nodes: 8, unknown: [], problems: [] });
    expect(models).toMatchObject([{ folder: 'checkpoints', name: 'orchard.safetensors' }]);
    expect(Object.keys(api)).toEqual(['3', '4', '5', '6', '7', '8', '9']);
    expect(api['3'].inputs).toMatchObject({ seed: 77, sampler_name: 'euler', model: ['4', 0] });
  });

  it('reads prompts, with seeds to the last digit', async () => {
    const prompt = '{"1": {"class_type": "RandomNoise", "inputs": {"noise_seed": 18446744073709551615, "odd": NaN}}}';
    const { output } = await run('comfyui', await write('prompt.json', prompt));
    expect(output).toContain(
      '"api":{"1":{"class_type":"RandomNoise","inputs":{"noise_seed":18446744073709551615,"odd":null}}}',
    );
    expect(output).toContain('"format":"api","nodes":1');
  });

  it('reads pictures that carry one', async () => {
    const png = PNG.sync.write(new PNG({ width: 1, height: 1 }));
    const path = await write('a.png', embedPngText(png, 'prompt', '{"1": {"class_type": "Magic", "inputs": {}}}'));
    expect(await ask<Answer>(`comfyui ${path}`)).toMatchObject({
      format: 'api',
      runs: false,
      unknown: [{ type: 'Magic', nodes: ['1'] }],
      problems: [{ message: '"Magic": Gesso does not know the node "Magic".' }],
    });
  });

  it('refuses in one sentence', async () => {
    expect(await run('comfyui', await write('cut.json', '{"nodes": ['))).toEqual({
      code: 2,
      problem: 'This JSON ends too early: the file is cut.',
    });
  });
});
