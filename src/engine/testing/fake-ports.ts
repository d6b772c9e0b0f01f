/** Ports for tests without a model: a closed-form denoiser behind the sessions' face, and counts of what is alive. */
import type { ModelEntry } from '../../core/catalog';
import { bytesSource } from '../../core/formats';
import { safetensorsBytes } from '../../core/formats/testing/safetensors-bytes';
import { exprTensors } from '../../core/graph';
import {
  buildAutoencoderDecoder,
  buildClipText,
  buildUnet,
  readAutoencoderConfig,
  readClipTextConfig,
  readUnetConfig,
} from '../../core/models';
import { AppError } from '../../core/errors';
import type { FilledGraph } from '../../core/weights';
import type { NamedTensor, Ports, Runtime, Session } from '../ports';

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

const jsonFiles: Record<string, unknown> = {
  'unet/config.json': FAKE_UNET,
  'vae/config.json': vaeConfig,
  'text_encoder/config.json': textConfig,
  'scheduler/scheduler_config.json': noiseConfig,
  'tokenizer/tokenizer.json': {},
  'tokenizer/tokenizer_config.json': {},
};

const latent = { height: 32, width: 32 };
const weightFiles: Record<string, Parameters<typeof exprTensors>[0]> = {
  'unet/diffusion_pytorch_model.safetensors': exprsOf(buildUnet(readUnetConfig('', FAKE_UNET), latent, 'portable')),
  'vae/diffusion_pytorch_model.safetensors': exprsOf(
    buildAutoencoderDecoder(readAutoencoderConfig('', vaeConfig), latent, 'portable'),
  ),
  'text_encoder/model.safetensors': exprsOf(buildClipText(readClipTextConfig('', textConfig), 'portable')),
};

function exprsOf(graph: { weights: readonly { expr: Parameters<typeof exprTensors>[0][number] }[] }) {
  return graph.weights.map(({ expr }) => expr);
}

function zeroFile(exprs: Parameters<typeof exprTensors>[0]): Uint8Array {
  let end = 0;
  const header = Object.fromEntries(
    exprTensors(exprs).map(({ name, shape }) => {
      const begin = end;
      end += 4 * shape.reduce((product, n) => product * n, 1);
      return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }];
    }),
  );
  return safetensorsBytes(header, new Uint8Array(end));
}

export interface Fake {
  ports: Ports;
  /** Sessions and runtimes that exist now. */
  alive: { sessions: number; runtimes: number };
  /** Inputs of every U-Net call, in order. */
  unetCalls: Record<string, NamedTensor>[];
  /** Called before a U-Net call answers. */
  onUnetCall: (callIndex: number) => void | Promise<void>;
  /** Files that answer differently: bytes, or an error to throw. */
  replaced: Map<string, Uint8Array | AppError>;
  /** More sessions than that do not fit. */
  mostSessions: number;
  loseDevice(): void;
}

export function createFake(): Fake {
  const alive = { sessions: 0, runtimes: 0 };
  let lose: (error: AppError) => void = () => undefined;
  const fake: Fake = {
    alive,
    unetCalls: [],
    onUnetCall: () => undefined,
    replaced: new Map(),
    mostSessions: Infinity,
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
          createSession: (graph) =>
            alive.sessions < fake.mostSessions
              ? Promise.resolve(createSession(graph as FilledGraph, fake))
              : Promise.reject(new AppError('out-of-memory', 'fake: no room')),
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
      now: () => performance.now(),
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
    },
  };
  return fake;
}

async function openFile(path: string, fake: Fake, onProgress?: (loadedBytes: number) => void) {
  const replaced = fake.replaced.get(path);
  if (replaced instanceof AppError) throw replaced;
  if (!replaced && !(path in jsonFiles) && !(path in weightFiles))
    throw new AppError('missing-file', `${path}: no such file`);
  const made =
    path in jsonFiles ? new TextEncoder().encode(JSON.stringify(jsonFiles[path])) : zeroFile(weightFiles[path] ?? []);
  const source = bytesSource(path, replaced ?? made);
  onProgress?.(source.size);
  return Promise.resolve(source);
}

function createSession(graph: FilledGraph, fake: Fake): Session {
  fake.alive.sessions++;
  const kind = graph.files[0].location.replace(/-0\.bin$/, '');
  return {
    run: async (inputs): Promise<Record<string, Float32Array>> => {
      if (kind === 'text_encoder') return { last_hidden_state: encode(inputs['input_ids']) };
      if (kind === 'vae_decoder') return { image: decode(inputs['latent']) };
      const index = fake.unetCalls.length;
      fake.unetCalls.push(inputs);
      await fake.onUnetCall(index);
      return { out_sample: epsilon(inputs['sample'], inputs['encoder_hidden_states']) };
    },
    dispose: () => Promise.resolve(void fake.alive.sessions--),
  };
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
