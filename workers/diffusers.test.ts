/** Last latents of tiny pipelines of every family against diffusers' (tools/fixtures/make_pipelines.py). */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AppError } from '../src/core/errors';
import { bytesSource } from '../src/core/formats';
import { openDiffusersFolder } from '../src/engine/diffusers-folder';
import fixture from '../src/engine/fixtures/pipelines/cases.json';
import type { ModelSource } from '../src/engine/model-source';
import type { ModelFiles } from '../src/engine/ports';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';
import { relativeError } from '../src/core/weights/testing/numbers';
import { paintTiny, tinyCase, type TinyCase } from './testing/paint-tiny';
import { createWordTokenizer } from './testing/word-tokenizer';

/** Float32 on both sides; the sums run in another order, four steps on end. */
const MAX_RELATIVE_ERROR = 1e-3;

const runtime = createNodeRuntime();
const ports = createNodePorts({
  createTokenizer: (_json, config) => Promise.resolve(createWordTokenizer((config as { padId: number }).padId)),
});

/** The parts of a case as one folder of the hub. */
function filesOf({ parts, scheduler }: TinyCase): ModelFiles {
  const open = async (path: string): Promise<Uint8Array> => {
    const [folder, name] = path.split('/');
    const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
    if (folder === 'scheduler')
      return json({ beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear', ...scheduler });
    // OpenCLIP's vocabularies fill up with 0.
    const isOpenClip = folder === 'tokenizer_2' || parts.text_encoder === 'text-h';
    if (folder.startsWith('tokenizer')) return json({ padId: isOpenClip ? 0 : 299 });
    const part = (parts as Record<string, string | undefined>)[folder];
    if (part === undefined) throw new AppError('missing-file', `${path}: no such file`);
    const file = name === 'config.json' ? name : 'weights.safetensors';
    const url = new URL(`../src/engine/fixtures/pipelines/${part}/${file}`, import.meta.url);
    return readFile(fileURLToPath(url));
  };
  return { open: async (path) => bytesSource(path, await open(path)) };
}

const sourceOf = (one: TinyCase): Promise<ModelSource> =>
  openDiffusersFolder({ files: filesOf(one), runtime, ports, onProgress: () => undefined, totalBytes: 0 });

describe('the last latent of', () => {
  it.each(fixture.cases)('$name is that of diffusers', async (one) => {
    const error = relativeError(await paintTiny(one, await sourceOf(one)), one.latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
  });

  it.each(['sdxl', 'inpainting'])('%s is the same where components are loaded in turn', async (name) => {
    const one = tinyCase(name);
    const resident = await paintTiny(one, await sourceOf(one));
    expect(await paintTiny(one, await sourceOf(one), { isTight: true })).toEqual(resident);
  });

  it('families differ from each other by far more than the tolerance', () => {
    const latents = fixture.cases.map(({ latent }) => latent);
    for (const [i, a] of latents.entries())
      for (const b of latents.slice(i + 1)) expect(relativeError(a, b)).toBeGreaterThan(20 * MAX_RELATIVE_ERROR);
  });
});
