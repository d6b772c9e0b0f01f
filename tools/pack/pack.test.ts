import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openWeights } from '../../src/core/packs';
import { STARTER_MODEL } from '../lib/paths.mjs';
import { openFolderPack } from './folder-packs';
import { openSources } from '../../src/core/testing/open-sources';
import { HELP, runPack } from './run-pack';

const folder = mkdtempSync(join(tmpdir(), 'gesso-pack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function packing(...args: string[]) {
  const lines: string[] = [];
  const host = {
    resolve: (path: string) => join(folder, path),
    isTerminal: false,
    print: (line: string) => void lines.push(line),
    report: () => undefined,
  };
  return { code: await runPack(args, host), lines };
}

describe('npm run pack', () => {
  it('writes a folder that opens as the model it was made of', async () => {
    const model = relative(folder, STARTER_MODEL);
    const { code, lines } = await packing(model, '--dtype', 'float16', '--out', 'tiny', '--name', 'A starter');
    expect(code).toBe(0);
    expect(lines.join()).toMatch(/tiny.pack\.json: starter, float16, 2\d MB in \d+ files/);
    expect(readdirSync(folder)).toEqual(['tiny']);
    const opened = await openFolderPack(join(folder, 'tiny'));
    expect(opened.pack).toMatchObject({ id: 'a-starter', name: 'A starter' });
    const { sources, dispose } = await openSources(STARTER_MODEL);
    const weights = await openWeights(opened, 'unet');
    expect(weights.values('conv_in.bias')).toHaveLength(96);
    await dispose();
    opened.dispose();
    expect(sources.map(({ name }) => name)).toContain('unet/diffusion_pytorch_model.safetensors');
  });

  it('says what it takes, and what is wrong with what it was given', async () => {
    expect(await packing()).toEqual({ code: 2, lines: [HELP] });
    expect(await packing('a.safetensors', '--dtype', 'q3')).toEqual({
      code: 2,
      lines: ['--dtype must be one of float32, float16, q8, q4, not "q3".'],
    });
    await expect(packing('nothing.safetensors')).rejects.toThrow(/nothing\.safetensors: no such file or folder/);
    expect(readdirSync(folder)).toEqual(['tiny']);
  });
});
