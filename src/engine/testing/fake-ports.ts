/** Ports for tests without a model: a closed-form denoiser behind the sessions' face, and counts of what is alive. */
import type { ModelEntry } from '../../core/catalog';
import { AppError } from '../../core/errors';
import { bytesSource } from '../../core/formats';
import { elementCount, exprShape, weightKey } from '../../core/graph';
import { sha256 } from '../../core/math/sha256';
import { PACK_VERSION, shardsOf, type Pack, type PackComponent, type StoredWeight } from '../../core/packs';
import type { ComponentId } from '../../core/networks/components';
import { componentWeights } from '../../core/packs/component-weights';
import type { LazyGraph } from '../../core/weights';
import type { ModelCall, NamedTensor, Ports, Runtime, Session } from '../ports';

export const FAKE_UNET = {
  block_out_channels: [4, 8],
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D'],
  up_block_types: ['CrossAttnUpBlock2D', 'UpBlock2D'],
  layers_per_block: 1,
  cross_attention_dim: 8,
  attention_head_dim: 2,
  norm_num_groups: 2,
};
const vaeConfig = {
  block_out_channels: [4, 8],
  down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'],
  up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D'],
  norm_num_groups: 2,
  scaling_factor: 0.5,
};
const textConfig = {
  vocab_size: 20,
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 10,
};
const noiseConfig = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear', num_train_timesteps: 1000 };

/** Pictures of 16 pixels: latents of 8 cells. */
export const FAKE_ENTRY: ModelEntry = {
  id: 'fake',
  name: 'Fake',
  description: 'A closed form.',
  licence: { name: 'none', url: 'about:blank' },
  source: { kind: 'bundled', path: 'fake/' },
  downloadBytes: 1000,
  defaults: { sampler: 'euler', schedule: 'karras', steps: 4, cfgScale: 2, width: 64, height: 64 },
  size: { min: 64, max: 128, step: 4 },
  suggestions: [],
};

/** All weights are 0, and the same bytes. */
export const FAKE_PACK: Pack = {
  version: PACK_VERSION,
  id: 'fake',
  name: 'Fake',
  family: 'sd15',
  plan: 'float32',
  source: { name: 'Fake', byteLength: 0, layout: 'diffusers' },
  scheduler: noiseConfig,
  tokenizer: { json: {}, config: {} },
  components: {
    text_encoder: zeroComponent('text_encoder', textConfig),
    unet: zeroComponent('unet', FAKE_UNET),
    vae_decoder: zeroComponent('vae_decoder', vaeConfig),
  },
};

/** The same model with the part that reads pictures: for `replaced`, as its pack.json. */
export const READING_PACK: Pack = {
  ...FAKE_PACK,
  components: { ...FAKE_PACK.components, vae_encoder: zeroComponent('vae_encoder', vaeConfig) },
};

function zeroComponent(id: ComponentId, config: unknown): PackComponent {
  const weights: Record<string, StoredWeight> = {};
  let most = 0;
  for (const { expr } of componentWeights(id, { file: id, config }, () => 'float32')) {
    const shape = exprShape(expr);
    const byteLength = 4 * elementCount(shape);
    most = Math.max(most, byteLength);
    weights[weightKey(expr)] = { form: 'float32', shape, data: { shard: 0, offset: 0, byteLength } };
  }
  const shard = { file: `${id}-0.bin`, byteLength: most, sha256: sha256(new Uint8Array(most)) };
  return { config, shards: [shard], weights };
}

/** When something can go wrong. */
export type Moment = 'load' | 'encode' | 'read' | 'step' | 'decode' | 'upscale';

export interface Fake {
  ports: Ports;
  /** Sessions and runtimes that exist now. */
  alive: { sessions: number; runtimes: number };
  /** Inputs of every U-Net call, in order. */
  unetCalls: Record<string, NamedTensor>[];
  /** Called before a U-Net call answers. */
  onUnetCall: (callIndex: number) => void | Promise<void>;
  /** Called before something is loaded or run; what it throws is what that ends with. */
  before: (moment: Moment) => void | Promise<void>;
  /** Called with what came out: it may spoil it. */
  after: (moment: Moment, output: Float32Array) => void;
  /** Files that answer differently: bytes, or an error to throw. */
  replaced: Map<string, Uint8Array | AppError>;
  /** Calls of unfinished pictures, by key. */
  kept: Map<string, ModelCall[]>;
  /** More sessions than that do not fit. */
  mostSessions: number;
  /** Latents of more cells along a side do not fit into the decoder. */
  mostCells: number;
  loseDevice(): void;
}

export function createFake(): Fake {
  const alive = { sessions: 0, runtimes: 0 };
  let lose: (error: AppError) => void = () => undefined;
  const fake: Fake = {
    alive,
    unetCalls: [],
    onUnetCall: () => undefined,
    before: () => undefined,
    after: () => undefined,
    replaced: new Map(),
    kept: new Map(),
    mostSessions: Infinity,
    mostCells: Infinity,
    loseDevice: () => lose(new AppError('device-lost', 'fake GPU: unplugged')),
    ports: {
      createRuntime: (): Promise<Runtime> => {
        alive.runtimes++;
        const lost = new Promise<never>((_, reject) => {
          lose = reject;
        });
        lost.catch(() => undefined);
        return Promise.resolve({
          device: { provider: 'wasm', adapter: 'fake' },
          target: 'portable',
          lost,
          createSession: async (graph) => {
            await fake.before('load');
            if (alive.sessions >= fake.mostSessions) throw new AppError('out-of-memory', 'fake: no room');
            return createSession(graph as LazyGraph, fake);
          },
          dispose: () => Promise.resolve(void alive.runtimes--),
        });
      },
      createFiles: () => ({ open: (path, onProgress) => openFile(path, fake, onProgress) }),
      packs: { open: (id) => Promise.reject(new AppError('missing-file', `${id}: no such pack`)) },
      createClipTokenizer: () => Promise.reject(new AppError('missing-file', 'no vocabulary')),
      createTokenizer: () =>
        Promise.resolve({
          encode: (text: string) => [...text].map((character) => character.charCodeAt(0) % 17),
          startId: 18,
          endId: 19,
          padId: 19,
          commaId: undefined,
          contextLength: 10,
        }),
      calls: {
        read: (key) => Promise.resolve(fake.kept.get(key) ?? []),
        write: (key, from, calls) =>
          Promise.resolve(void fake.kept.set(key, [...(fake.kept.get(key) ?? []).slice(0, from), ...calls])),
        remove: (key) => Promise.resolve(void fake.kept.delete(key)),
      },
      now: () => performance.now(),
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
      rest: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    },
  };
  return fake;
}

async function openFile(path: string, fake: Fake, onProgress?: (loadedBytes: number) => void) {
  const replaced = fake.replaced.get(path);
  if (replaced instanceof AppError) throw replaced;
  const source = bytesSource(path, replaced ?? fileOf(path));
  onProgress?.(source.size);
  return Promise.resolve(source);
}

function fileOf(path: string): Uint8Array {
  if (path === 'pack.json') return toJson(FAKE_PACK);
  const shard = shardsOf(READING_PACK).find(({ file }) => file === path);
  if (!shard) throw new AppError('missing-file', `${path}: no such file`);
  return new Uint8Array(shard.byteLength);
}

export const toJson = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const MOMENTS: Readonly<Partial<Record<string, Moment>>> = {
  text_encoder: 'encode',
  vae_decoder: 'decode',
  vae_encoder: 'read',
  compact_upscaler: 'upscale',
};

function createSession(graph: LazyGraph, fake: Fake): Session {
  fake.alive.sessions++;
  const kind = graph.lazyFiles[0].location.replace(/-0\.bin$/, '');
  return {
    run: async (inputs) => {
      const moment = MOMENTS[kind] ?? 'step';
      await fake.before(moment);
      const outputs = await run(moment, inputs, fake);
      for (const output of Object.values(outputs)) fake.after(moment, output);
      return outputs;
    },
    dispose: () => Promise.resolve(void fake.alive.sessions--),
  };
}

async function run(
  moment: Moment,
  inputs: Record<string, NamedTensor>,
  fake: Fake,
): Promise<Record<string, Float32Array>> {
  if (moment === 'upscale') return { upscaled: repeated(inputs['image']) };
  if (moment === 'read') return { moments: readPixels(inputs['image']) };
  if (moment === 'encode') return { last_hidden_state: encode(inputs['input_ids']) };
  if (moment === 'decode') {
    if (Math.max(...inputs['latent'].dims) > fake.mostCells) throw new AppError('out-of-memory', 'fake: no room');
    return { image: decode(inputs['latent']) };
  }
  const index = fake.unetCalls.length;
  fake.unetCalls.push(inputs);
  await fake.onUnetCall(index);
  return { out_sample: epsilon(inputs['sample'], inputs['encoder_hidden_states']) };
}

/** Each pixel four times as wide and high. */
function repeated({ data, dims }: NamedTensor): Float32Array {
  const [, planes, height, width] = dims;
  const large = new Float32Array(planes * 16 * height * width);
  return large.map((_, i) => {
    const [plane, at] = [Math.floor(i / (16 * height * width)), i % (16 * height * width)];
    const [y, x] = [Math.floor(at / (16 * width)), Math.floor((at % (4 * width)) / 4)];
    return data[(plane * height + y) * width + x];
  });
}

/** Every vector holds its token's id. */
function encode({ data }: NamedTensor): Float32Array {
  return Float32Array.from({ length: data.length * 8 }, (_, i) => data[Math.floor(i / 8)]);
}

/** Noise is a share of the input, larger with the first text token: enough for guidance to matter. */
function epsilon(sample: NamedTensor, context: NamedTensor): Float32Array {
  const [batch] = sample.dims;
  const perSample = sample.data.length / batch;
  const perContext = context.data.length / batch;
  const share = (i: number): number => 0.1 + 0.01 * context.data[Math.floor(i / perSample) * perContext + 8];
  return Float32Array.from(sample.data, (value, i) => share(i) * value);
}

/** Every channel holds red of the first pixel of each cell; what stands for variances is never read. */
function readPixels({ data, dims }: NamedTensor): Float32Array {
  const [, , height, width] = dims;
  const cells = (height * width) / 4;
  return Float32Array.from({ length: 2 * 4 * cells }, (_, i) => {
    const [y, x] = [Math.floor((i % cells) / (width / 2)), (i % cells) % (width / 2)];
    return data[2 * y * width + 2 * x];
  });
}

/** Grey of the first latent channel, each cell twice as wide and high. */
function decode({ data, dims }: NamedTensor): Float32Array {
  const [, , height, width] = dims;
  const planes = new Float32Array(3 * 4 * height * width);
  for (let i = 0; i < planes.length; i++) {
    const at = i % (4 * height * width);
    planes[i] = data[Math.floor(at / (2 * width) / 2) * width + Math.floor((at % (2 * width)) / 2)];
  }
  return planes;
}
