/** Ready-made ONNX exports make the latents of our own graphs (tools/fixtures/make_exports.py). */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { OnnxExport } from '../src/core/catalog';
import { bytesSource } from '../src/core/formats';
import { importOnnx } from '../src/core/packs';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import type { EngineEvent } from '../src/engine/api';
import { createExportSource, type ExportFiles } from '../src/engine/models/export-source';
import { packExportFiles } from '../src/engine/models/pack-export-files';
import fixture from '../src/engine/fixtures/pipelines/cases.json';
import type { ModelSource } from '../src/engine/models/model-source';
import type { RawTensor } from '../src/engine/ports';
import { createNodeRuntime } from './testing/node-ports';
import { relativeError } from '../src/core/weights/testing/numbers';
import { paintTiny, tinyCase } from './testing/paint-tiny';
import { createWordTokenizer } from './testing/word-tokenizer';

const { width, height } = fixture;
const scheduler = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };
const small = { tokens: 77, size: { width, height }, latentFactor: 2, scalingFactor: 0.3 };
const f16 = (name: string) => ({ name, type: 'float16' }) as const;
const f32 = (name: string) => ({ name, type: 'float32' }) as const;

/** An export such as microsoft/stable-diffusion-v1.5-webnn. */
const half: OnnxExport = {
  ...small,
  family: 'sd15',
  scheduler,
  components: {
    text_encoder: {
      graph: 'half/text_encoder.onnx',
      inputs: { input_ids: { name: 'input_ids', type: 'int32' } },
      outputs: { last_hidden_state: { name: 'last_hidden_state' } },
      batch: 2,
      width: 16,
    },
    unet: {
      graph: 'half/unet.onnx',
      inputs: {
        sample: f16('sample'),
        timestep: { name: 'timestep', type: 'int64', isPerRow: true },
        encoder_hidden_states: f16('encoder_hidden_states'),
      },
      outputs: { out_sample: { name: 'out_sample' } },
      batch: 2,
    },
    vae_decoder: {
      graph: 'half/vae_decoder.onnx',
      inputs: { latent_sample: f16('latent_sample') },
      outputs: { sample: { name: 'sample' } },
      batch: 1,
    },
  },
};

/** An export such as schmuell/sd-turbo-ort-web, with an external file of weights as nmkd/stable-diffusion-1.5-onnx-fp16. */
const single: OnnxExport = {
  ...small,
  family: 'sd21',
  scheduler: { ...scheduler, prediction_type: 'v_prediction' },
  components: {
    text_encoder: {
      graph: 'single/text_encoder.onnx',
      data: ['weights.pb'],
      inputs: { input_ids: { name: 'input_ids', type: 'int32' } },
      outputs: { last_hidden_state: { name: 'last_hidden_state' } },
      batch: 1,
      width: 16,
    },
    unet: {
      graph: 'single/unet.onnx',
      inputs: {
        sample: f32('sample'),
        timestep: { name: 'timestep', type: 'int64' },
        encoder_hidden_states: f32('encoder_hidden_states'),
      },
      outputs: { out_sample: { name: 'out_sample' } },
      batch: 1,
    },
    vae_decoder: half.components.vae_decoder,
  },
};

/** An export such as d0gr/sdxl-lightning-onnx-webgpu and webnn/sdxl-turbo. */
const xl: OnnxExport = {
  ...small,
  family: 'sdxl',
  scheduler,
  components: {
    text_encoder: {
      graph: 'xl/text_encoder.onnx',
      inputs: { input_ids: { name: 'input_ids', type: 'int32' } },
      outputs: { last_hidden_state: { name: 'hidden_states.2' } },
      batch: 1,
      width: 16,
    },
    text_encoder_2: {
      graph: 'xl/text_encoder_2.onnx',
      inputs: { input_ids: { name: 'input_ids', type: 'int64' } },
      outputs: { last_hidden_state: { name: 'hidden_states.2' }, text_embeds: { name: 'text_embeds' } },
      batch: 1,
      width: 24,
    },
    unet: {
      graph: 'xl/unet.onnx',
      inputs: {
        sample: f32('sample'),
        timestep: { name: 'timestep', type: 'int64' },
        encoder_hidden_states: f32('encoder_hidden_states'),
        text_embeds: f32('text_embeds'),
        time_ids: f32('time_ids'),
      },
      outputs: { out_sample: { name: 'out_sample' } },
    },
    vae_decoder: half.components.vae_decoder,
  },
};

const runtime = createNodeRuntime();
const fed: Record<string, RawTensor>[] = [];

async function fileOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const isGraph = path.endsWith('.onnx');
  const url = new URL(`../src/engine/fixtures/exports/${path}${isGraph ? '.gz' : ''}`, import.meta.url);
  const bytes = await readFile(fileURLToPath(url));
  return new Uint8Array(isGraph ? gunzipSync(bytes) : bytes);
}

function filesOf(description: OnnxExport): ExportFiles {
  return {
    bytes: () => 0,
    open: async (component) => {
      const { graph, data = [] } = description.components[component] ?? { graph: '' };
      const folder = graph.slice(0, graph.lastIndexOf('/') + 1);
      const files = await Promise.all(
        data.map(async (location) => ({ location, bytes: await fileOf(folder + location) })),
      );
      return { onnx: await fileOf(graph), files };
    },
  };
}

function sourceOf(description: OnnxExport, files = filesOf(description)): ModelSource {
  const openClip = createWordTokenizer(0);
  const clip = createWordTokenizer();
  return createExportSource({
    description,
    tokenizers: description.family === 'sd21' ? [openClip] : [clip, openClip],
    plan: 'float16',
    files,
    runtime: {
      createSession: async (graph) => {
        const session = await runtime.createSession(graph);
        return {
          run: (inputs) => {
            fed.push(inputs);
            return session.run(inputs);
          },
          dispose: () => session.dispose(),
        };
      },
    },
  });
}

const latents = new Map<string, number[]>();

/** The latent that an export makes, painted once. */
async function painted(name: string, description: OnnxExport): Promise<number[]> {
  const latent = latents.get(name) ?? (await paintTiny(tinyCase(name), sourceOf(description)));
  latents.set(name, latent);
  return latent;
}

const typesFed = (name: string): string[] => [
  ...new Set(
    fed.flatMap((inputs) => (inputs[name] ? [`${inputs[name].data.constructor.name} ${inputs[name].dims}`] : [])),
  ),
];

describe('a ready-made export', () => {
  it('in half precision, of two rows at once, makes the latent of our graphs within half precision', async () => {
    fed.length = 0;
    const one = tinyCase('sd15');
    const error = relativeError(await paintTiny(one, sourceOf(half)), one.latent);
    expect(error).toBeLessThan(2e-2); // 11-bit mantissas in and out of four calls
    expect(typesFed('timestep')).toEqual(['BigInt64Array 2']);
    expect(typesFed('sample')).toEqual(['Uint16Array 2,4,8,12']);
    expect(typesFed('input_ids')).toEqual(['Int32Array 2,77']);
  });

  it('of one row at a time, with weights in a file of their own, makes the latent of our graphs', async () => {
    fed.length = 0;
    const one = tinyCase('sd21, v-prediction');
    expect(relativeError(await painted(one.name, single), one.latent)).toBeLessThan(1e-4);
    expect(typesFed('sample')).toEqual(['Float32Array 1,4,8,12']);
    expect(typesFed('timestep')).toEqual(['BigInt64Array 1']);
  });

  it('takes no embeddings, and says so', async () => {
    const one = tinyCase('sd21, v-prediction');
    const said: string[] = [];
    const onEvent = (event: EngineEvent): void => void (event.type === 'notice' && said.push(event.message));
    const embeddings = [{ id: 'apple', names: ['apple'], revision: '1', file: new Blob([]) }];
    expect(await paintTiny(one, sourceOf(single), { embeddings, onEvent })).toEqual(await painted(one.name, single));
    expect(said).toEqual([expect.stringMatching(/^The embedding "apple" was left out.*ready-made graphs/)]);
  });

  it('of SDXL, with hidden states by layer, makes the latent of our graphs', async () => {
    fed.length = 0;
    const one = tinyCase('sdxl');
    expect(relativeError(await painted(one.name, xl), one.latent)).toBeLessThan(1e-4);
    expect(typesFed('input_ids')).toEqual(['Int32Array 1,77', 'BigInt64Array 1,77']);
    expect(typesFed('time_ids')).toEqual(['Float32Array 2,6']);
  });

  it('taken apart into a pack makes the very same latent', async () => {
    const one = tinyCase('sdxl');
    const paths = Object.values(xl.components).flatMap(({ graph }) => graph);
    const sources = await Promise.all(paths.map(async (path) => bytesSource(path, await fileOf(path))));
    const store = memoryPacks();
    const done: number[] = [];
    await importOnnx({
      sources,
      ...xl,
      id: 'xl',
      name: 'xl',
      plan: 'float16',
      draft: store.create('xl'),
      onProgress: (bytes, total) => void done.push(bytes / total),
      shardBytes: 20_000,
    });
    const files = packExportFiles(store.open('xl'));
    expect(store.largestShard).toBeLessThan(200_000);
    expect(files.bytes('unet')).toBeGreaterThan(40_000);
    expect(done.at(-1)).toBeLessThanOrEqual(1);
    const { onnx } = await files.open('unet');
    expect(onnx.length).toBeLessThan((await fileOf('xl/unet.onnx')).length - files.bytes('unet') + 100_000);
    expect(await paintTiny(one, sourceOf(xl, files))).toEqual(await painted('sdxl', xl));
  });

  it('keeps the weights of an external file where its graph names them', async () => {
    const one = tinyCase('sd21, v-prediction');
    const paths = ['single/text_encoder.onnx', 'single/weights.pb', 'single/unet.onnx', 'half/vae_decoder.onnx'];
    const sources = await Promise.all(paths.map(async (path) => bytesSource(path, await fileOf(path))));
    const store = memoryPacks();
    const draft = store.create('x');
    await importOnnx({ sources, ...single, id: 'x', name: 'x', plan: 'float16', draft, onProgress: () => undefined });
    const files = packExportFiles(store.open('x'));
    expect(await paintTiny(one, sourceOf(single, files))).toEqual(await painted('sd21, v-prediction', single));
    await expect(
      importOnnx({
        ...single,
        sources: sources.slice(0, 1),
        id: 'y',
        name: 'y',
        plan: '',
        draft,
        onProgress: () => undefined,
      }),
    ).rejects.toMatchObject({
      code: 'missing-file',
      message: 'single/weights.pb: this file of the model is not there',
    });
  });

  it('paints at its own size alone, and reads one chunk of tokens', async () => {
    const one = tinyCase('sd21, v-prediction');
    await expect(paintTiny(one, sourceOf(single), { width: 32 })).rejects.toMatchObject({
      code: 'bad-request',
      message: 'This model’s files paint 24 x 16 only, not 32 x 16.',
    });
    const prompt = 'red apple '.repeat(50);
    await expect(paintTiny({ ...one, prompt }, sourceOf(single))).rejects.toMatchObject({
      code: 'bad-request',
      message: 'Tiny reads prompts of 75 tokens at most. Shorten the prompt.',
    });
  });
});
