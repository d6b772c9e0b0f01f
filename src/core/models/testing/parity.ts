/** The parity cases: build a graph from a fixture's config, run it on its inputs, compare with diffusers' output. */
import { bytesSource, readSafetensors } from '../../formats';
import type { BuiltGraph, Target } from '../../graph';
import { Checkpoint, fillGraph, type FilledGraph } from '../../weights';
import {
  buildAutoencoderDecoder,
  buildAutoencoderEncoder,
  buildClipText,
  buildUnet,
  readAutoencoderConfig,
  readClipTextConfig,
  readUnetConfig,
  sizeWaves,
  timestepWave,
} from '..';

/** Float32 on both sides; the sums run in another order. */
export const MAX_RELATIVE_ERROR = 1e-4;

type Build = (config: unknown, dims: readonly number[], target: Target) => BuiltGraph;

interface Case {
  build: Build;
  /** Input that carries the latent's size. */
  sized: string;
  output: string;
  /** The graph's inputs from the fixture's, where they differ. */
  adapt?: (inputs: Tensors, config: unknown) => Tensors;
}

type Tensors = Record<string, { data: Float32Array | Int32Array; dims: readonly number[] }>;

const unet: Case = {
  build: (json, [, , height, width], target) =>
    buildUnet(readUnetConfig('config.json', json), { height, width }, target),
  sized: 'sample',
  output: 'out_sample',
  adapt: ({ timestep, text_embeds: pooled, time_ids: sizes, ...inputs }, json) => {
    const config = readUnetConfig('config.json', json);
    const data = timestepWave(timestep.data[0], config);
    const timed = { ...inputs, timestep_wave: { data, dims: [1, data.length] } };
    if (!config.addedCondition) return timed;
    const waves = sizeWaves([...sizes.data].slice(0, 6), config.addedCondition, config);
    const half = pooled.data.length / 2;
    const rows = [pooled.data.slice(0, half), waves, pooled.data.slice(half), waves].flatMap((part) => [...part]);
    return { ...timed, added_condition: { data: Float32Array.from(rows), dims: [2, config.addedCondition.width] } };
  },
};
const autoencoder: Case = {
  build: (json, [, , height, width], target) =>
    buildAutoencoderDecoder(readAutoencoderConfig('config.json', json), { height, width }, target),
  sized: 'latent',
  output: 'image',
};
const encoder: Case = {
  build: (json, [, , height, width], target) =>
    buildAutoencoderEncoder(readAutoencoderConfig('config.json', json), { height, width }, target),
  sized: 'image',
  output: 'moments',
};
const clip: Case = {
  build: (json, _dims, target) => buildClipText(readClipTextConfig('config.json', json), target),
  sized: 'input_ids',
  output: 'last_hidden_state',
};
const clipSkipped: Case = {
  ...clip,
  build: (json, _dims, target) => buildClipText(readClipTextConfig('config.json', json), target, { clipSkip: 2 }),
};

/** By folder of fixtures/. */
export const PARITY_CASES: Record<string, Case> = {
  'unet-sd15': unet,
  'unet-sd21': unet,
  'unet-sdxl': unet,
  autoencoder,
  'autoencoder-plain': autoencoder,
  'autoencoder-encoder': encoder,
  'clip-l': clip,
  'clip-h': clip,
  'clip-l-skip': clipSkipped,
};

interface TestSession {
  run(inputs: Tensors): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

export interface ParityHost {
  target: Target;
  /** Bytes of a file below fixtures/. */
  read(path: string): Promise<Uint8Array>;
  createSession(graph: FilledGraph): Promise<TestSession>;
}

/** @returns ‖ours − diffusers‖₂ / ‖diffusers‖₂ over the whole output */
export async function parityError(name: string, host: ParityHost): Promise<number> {
  const { build, sized, output, adapt = (inputs: Tensors) => inputs } = PARITY_CASES[name];
  const config: unknown = JSON.parse(new TextDecoder().decode(await host.read(`${name}/config.json`)));
  const io = await readSafetensors(bytesSource('io.safetensors', await host.read(`${name}/io.safetensors`)));
  const tensors: Tensors = {};
  for (const [key, { dtype, shape, offset, byteLength }] of io.tensors) {
    const { buffer } = await io.source.read(offset, byteLength);
    tensors[key] = { data: dtype === 'I32' ? new Int32Array(buffer) : new Float32Array(buffer), dims: shape };
  }
  const { [output]: expected, ...inputs } = tensors;
  const weights = bytesSource('weights.safetensors', await host.read(`${name}/weights.safetensors`));
  const graph = build(config, inputs[sized].dims, host.target);
  const session = await host.createSession(await fillGraph(graph, await Checkpoint.open([weights])));
  try {
    const results = await session.run(adapt(inputs, config));
    return relativeError(results[output], expected.data);
  } finally {
    await session.dispose();
  }
}

function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new RangeError(`${actual.length} values, expected ${expected.length}`);
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}
