/** Runs graphs of random weights at several sizes, counting time and memory; tools/sizes.mjs asks for it and prints. */
import {
  attention,
  elementCount,
  evaluateDim,
  exprShape,
  GraphBuilder,
  inQueryChunks,
  type Activations,
  type BuiltGraph,
  type Target,
  type Value,
  type Weight,
} from '../../src/core/graph';
import { floatToHalf } from '../../src/core/math';
import { buildUnet, readUnetConfig, timestepWave, type LatentSize } from '../../src/core/networks';
import { FAMILY_CONFIGS } from '../../src/core/families/configs';
import { lazyGraph } from '../../src/core/weights';
import { gaussian, relativeError } from '../../src/core/weights/testing/numbers';
import type { NamedTensor, Runtime } from '../../src/engine/ports';
import { createRuntime } from '../../src/platform/gpu/create-runtime';
import { GpuMemory, type MemoryUse } from './gpu-memory';

type Inputs = Record<string, NamedTensor>;

export interface SizesQuestion {
  provider: 'webgpu' | 'wasm';
  activations: Activations;
  /** Channels of the first level of a U-Net built as SD 1.5's is. */
  channels: number;
  sizes: LatentSize[];
}

export interface SizeAnswer extends LatentSize {
  /** One session for all sizes. */
  one: Times;
  /** A session made for this size, as before: what a change of size cost. */
  own: Times & { createMs: number };
  /** Relative L2 between both. */
  difference: number;
}

export interface Times {
  /** The first call at this size. */
  firstMs: number;
  /** The quickest of the others. */
  ms: number;
  memory: MemoryUse | undefined;
}

export interface AttentionQuestion {
  activations: Activations;
  tokens: number;
  batch: number;
  heads: number;
  headSize: number;
  /** 0: MultiHeadAttention; otherwise spelled out, its queries in so many parts. */
  chunks: number;
}

export interface AttentionAnswer {
  ms: number;
  memory: MemoryUse | undefined;
  /** What scores of all queries take. */
  scoreBytes: number;
}

declare global {
  interface Window {
    measureSizes(question: SizesQuestion): Promise<{ adapter: string; answers: SizeAnswer[] }>;
    measureAttention(question: AttentionQuestion): Promise<AttentionAnswer>;
  }
}

const REPEATS = 3;
const memory = 'GPUDevice' in self ? new GpuMemory() : undefined;
let runtime: Promise<Runtime> | undefined;

window.measureSizes = async ({ provider, activations, channels, sizes }) => {
  const opened = await (runtime ??= createRuntime(provider));
  const json = FAMILY_CONFIGS.sd15.unet;
  const config = readUnetConfig('config.json', {
    ...json,
    block_out_channels: json.block_out_channels.map((n) => (n / 320) * channels),
    attention_head_dim: 2,
  });
  const graph = buildUnet(config, { target: opened.target, activations });
  const wave = timestepWave(501, config);
  const inputs = ({ height, width }: LatentSize): Inputs => ({
    sample: normal(1, 2, config.inChannels, height, width),
    timestep_wave: { data: wave, dims: [1, wave.length] },
    encoder_hidden_states: normal(2, 2, 77, config.contextWidth),
  });
  const one = await create(opened, graph);
  const ones: (Times & { output: Float32Array })[] = [];
  for (const size of sizes) ones.push(await timed(one.session, inputs(size)));
  await one.session.dispose();
  const answers: SizeAnswer[] = [];
  for (const [i, size] of sizes.entries()) {
    const { session, createMs } = await create(opened, madeFor(graph, size));
    const { output, ...own } = await timed(session, inputs(size));
    await session.dispose();
    const { output: expected, ...shared } = ones[i];
    answers.push({ ...size, one: shared, own: { ...own, createMs }, difference: relativeError(output, expected) });
  }
  return { adapter: opened.device.adapter, answers };
};

window.measureAttention = async (question) => {
  const { tokens, batch, heads, headSize, activations } = question;
  const opened = await (runtime ??= createRuntime('webgpu'));
  const dims = [batch, tokens, heads * headSize];
  const { session } = await create(opened, attentionGraph(question, opened.target));
  const { ms, memory: used } = await timed(session, {
    q: normal(1, ...dims),
    k: normal(2, ...dims),
    v: normal(3, ...dims),
  });
  await session.dispose();
  return { ms, memory: used, scoreBytes: batch * heads * tokens ** 2 * (activations === 'float16' ? 2 : 4) };
};

function attentionGraph({ activations, heads, headSize, chunks }: AttentionQuestion, target: Target): BuiltGraph {
  const g = new GraphBuilder('attention', { target, activations });
  const [q, k, v] = ['q', 'k', 'v'].map((name) => g.input(name, 'float32', ['batch', 'tokens', heads * headSize]));
  const parts = (): Value => inQueryChunks(g, q, chunks, (some) => spelledOut(g, some, k, v));
  g.output('y', chunks === 0 ? attention(g, q, k, v, { heads }) : parts());
  return g.build();
}

/** One head, as in the autoencoder. */
function spelledOut(g: GraphBuilder, q: Value, k: Value, v: Value): Value {
  const [batch, tokens, width] = k.dims;
  const perm = [0, 2, 1];
  const [kT] = g.node('Transpose', { inputs: [k], attributes: { perm }, outputs: [[batch, width, tokens]] });
  const [scores] = g.node('MatMul', { inputs: [q, kT], outputs: [[batch, q.dims[1], tokens]] });
  const [shares] = g.node('Softmax', { inputs: [scores], attributes: { axis: -1 }, outputs: [scores.dims] });
  return g.node('MatMul', { inputs: [shares, v], outputs: [q.dims] })[0];
}

/** The graph with height and width as numbers. */
const madeFor = (graph: BuiltGraph, size: LatentSize): BuiltGraph => ({
  ...graph,
  inputs: graph.inputs.map((input) => ({
    ...input,
    dims: input.dims.map((dim) => (/height|width/.test(String(dim)) ? evaluateDim(dim, { ...size }) : dim)),
  })),
});

async function create(opened: Runtime, graph: BuiltGraph) {
  const start = performance.now();
  const session = await opened.createSession(lazyGraph(graph, randomWeight));
  return { session, createMs: performance.now() - start };
}

async function timed(session: Awaited<ReturnType<typeof create>>['session'], inputs: Inputs) {
  memory?.take();
  const times: number[] = [];
  let output = new Float32Array(0);
  for (let i = 0; i <= REPEATS; i++) {
    const start = performance.now();
    [output] = Object.values(await session.run(inputs)) as Float32Array<ArrayBuffer>[];
    times.push(performance.now() - start);
  }
  return { firstMs: times[0], ms: Math.min(...times.slice(1)), memory: memory?.take(), output };
}

function normal(seed: number, ...dims: number[]): NamedTensor {
  return { data: gaussian(elementCount(dims), seed), dims };
}

const kept = new Map<string, Uint8Array<ArrayBuffer>>();

/** Small enough for the values of deep networks to stay where they are. */
function randomWeight({ expr, value }: Weight): Uint8Array<ArrayBuffer> {
  const shape = exprShape(expr);
  const count = elementCount(shape);
  const key = `${value.type} ${shape.join()}`;
  const known = kept.get(key);
  if (known) return known;
  const deviation = shape.length > 1 ? (count / Math.min(shape[0], shape[1])) ** -0.5 : 0.1;
  const values = gaussian(count, 4).map((x) => deviation * x);
  const bytes = new Uint8Array((value.type === 'float16' ? floatToHalf(values) : values).buffer);
  kept.set(key, bytes);
  return bytes;
}
