/** What the command line says of model files. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFixture, virtualSafetensors, type Shapes } from '../../src/core/checkpoints/testing/layouts';
import { run } from './testing/ask';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gesso-inspect-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a file and asks for it. */
async function askFor(name: string, bytes: Uint8Array) {
  await writeFile(join(folder, name), bytes);
  return run(`checkpoint ${join(folder, name)}`);
}

describe('checkpoint', () => {
  it('prints what a file is', async () => {
    const tiny = readFixture<Record<string, { stored: Shapes }>>('tiny.json.gz');
    const source = virtualSafetensors('tiny', tiny['sd15'].stored);
    const bytes = new Uint8Array(source.size);
    bytes.set((await source.read(0, source.size)).subarray(0, source.size));
    const { code, output } = await askFor('tiny.safetensors', bytes);
    expect(code).toBe(0);
    expect(output).toBe(
      '{"kind":"checkpoint","family":"sd15","layout":"ldm","dtype":"float16","prediction":"epsilon","tensors":971,"unused":[],"missing":[]}',
    );
    const cut = await askFor('cut.safetensors', bytes.subarray(0, bytes.length - 1));
    expect(cut.output).toMatch(/^\{"error":"cut\.safetensors: .* the download is incomplete: fetch it again"\}$/);
  });

  it('opens folders', async () => {
    const { output } = await run('checkpoint tools/starter/model --components');
    const { family, layout, components } = JSON.parse(output ?? '') as {
      family: string;
      layout: string;
      components: Record<string, { tensors: number }>;
    };
    expect([family, layout, Object.keys(components)]).toEqual([
      'starter',
      'diffusers',
      ['text_encoder', 'unet', 'vae'],
    ]);
  });

  it('says what a file is instead', async () => {
    const page = await askFor('model.safetensors', new TextEncoder().encode('<!DOCTYPE html><html lang="en">'));
    expect(page).toEqual({
      code: 0,
      output: expect.stringMatching(/^\{"error":"model\.safetensors: this is a web page/),
    });
  });

  it('refuses a path where nothing is', async () => {
    expect(await run(`checkpoint ${join(folder, 'none')}`)).toEqual({
      code: 2,
      problem: expect.stringMatching(/none: no such file or folder\.$/),
    });
  });
});
