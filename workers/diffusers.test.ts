/** Last latents of tiny pipelines of every family against diffusers' (tools/fixtures/make_pipelines.py). */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ModelEntry } from '../src/core/catalog';
import { AppError } from '../src/core/errors';
import { bytesSource } from '../src/core/formats';
import type { GenerationRequest } from '../src/core/request';
import { Cancellation } from '../src/engine/cancellation';
import { openDiffusersFolder } from '../src/engine/diffusers-folder';
import fixture from '../src/engine/fixtures/pipelines/cases.json';
import { generatePicture } from '../src/engine/generate';
import { Model } from '../src/engine/model';
import type { ModelSource } from '../src/engine/model-source';
import type { ModelFiles } from '../src/engine/ports';
import { StageClock } from '../src/engine/stage-clock';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';
import { createWordTokenizer } from './testing/word-tokenizer';

/** Float32 on both sides; the sums run in another order, four steps on end. */
const MAX_RELATIVE_ERROR = 1e-3;

type Case = (typeof fixture.cases)[number];

const { width, height } = fixture;
const entry: ModelEntry = {
  id: 'tiny',
  name: 'Tiny',
  description: '',
  licence: { name: 'none', url: 'about:blank' },
  source: { kind: 'bundled', path: '' },
  downloadBytes: 0,
  defaults: { sampler: 'euler', schedule: 'normal', steps: 4, cfgScale: 5, width, height },
  size: { min: 4, max: 64, step: 4 },
  suggestions: [],
};
const runtime = createNodeRuntime();
const ports = createNodePorts({
  createTokenizer: (_json, config) => Promise.resolve(createWordTokenizer((config as { padId: number }).padId)),
});

/** The parts of a case as one folder of the hub. */
function filesOf({ parts, scheduler }: Case): ModelFiles {
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

/** Keeps what the decoder is given. */
function listenedTo(source: ModelSource, heard: (latent: Float32Array) => void): ModelSource {
  return {
    ...source,
    open: async (component, shape) => {
      const { session, bytes } = await source.open(component, shape);
      if (component !== 'vae_decoder') return { session, bytes };
      const run: typeof session.run = (inputs) => {
        heard(inputs['latent_sample'].data as Float32Array);
        return session.run(inputs);
      };
      return { session: { run, dispose: () => session.dispose() }, bytes };
    },
  };
}

async function lastLatent(one: Case, isTight: boolean): Promise<number[]> {
  let latent: number[] = [];
  const folder = { files: filesOf(one), runtime, ports, onProgress: () => undefined, totalBytes: 0 };
  const source = listenedTo(await openDiffusersFolder(folder), (given) => (latent = [...given]));
  const model = new Model({ entry, source, device: runtime.device, now: () => 0, isTight });
  const { prompt, negativePrompt, steps, cfgScale, seed } = one;
  const request: GenerationRequest = {
    prompt,
    negativePrompt,
    steps,
    cfgScale,
    seed,
    model: entry.id,
    sampler: 'euler',
    schedule: one.schedule as GenerationRequest['schedule'],
    noise: 'cpu',
    width,
    height,
  };
  const onEvent = (): void => undefined;
  const clock = new StageClock(() => 0, onEvent);
  try {
    await generatePicture({ request, model, onEvent, cancellation: new Cancellation(), clock, ports });
  } finally {
    await model.dispose();
  }
  return latent.map((value) => (value - model.traits.shiftFactor) * model.traits.scalingFactor);
}

const norm = (values: readonly number[]): number => Math.hypot(...values);
const relativeError = (actual: readonly number[], expected: readonly number[]): number =>
  norm(actual.map((value, i) => value - expected[i])) / norm(expected);

describe('the last latent of', () => {
  it.each(fixture.cases)('$name is that of diffusers', async (one) => {
    const error = relativeError(await lastLatent(one, false), one.latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
  });

  it('SDXL and inpainting is the same where components are loaded in turn', async () => {
    for (const one of fixture.cases.filter(({ name }) => ['sdxl', 'inpainting'].includes(name)))
      expect(await lastLatent(one, true)).toEqual(await lastLatent(one, false));
  });

  it('families differ from each other by far more than the tolerance', () => {
    const latents = fixture.cases.map(({ latent }) => latent);
    for (const [i, a] of latents.entries())
      for (const b of latents.slice(i + 1)) expect(relativeError(a, b)).toBeGreaterThan(20 * MAX_RELATIVE_ERROR);
  });
});
