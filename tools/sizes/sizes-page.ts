/** Runs graphs of random weights at several sizes in one session and counts time and memory; tools/sizes.mjs calls it. */
import { attention, GraphBuilder, inQueryChunks, type Activations, type BuiltGraph } from '../../src/core/graph';
import { floatToHalf } from '../../src/core/math';
import { lazyGraph } from '../../src/core/weights';
import { exprShape, elementCount, type Weight } from '../../src/core/graph';
import { gaussian, relativeError } from '../../src/core/weights/testing/numbers';
import type { NamedTensor, Runtime } from '../../src/engine/ports';
import { createRuntime } from '../../src/platform/gpu/create-runtime';
import { GpuMemory } from './gpu-memory';

const memory = new GpuMemory();
let runtime: Promise<Runtime> | undefined;

function weightBytes({ expr, value, part }: Weight): Uint8Array<ArrayBuffer> {
  if (part !== 'values') throw new RangeError('packed');
  const shape = exprShape(expr);
  const count = elementCount(shape);
  const fan = shape.length > 1 ? count / Math.max(...shape) : 1;
  const values = gaussian(count, 3).map((x) => (shape.length > 1 ? x / Math.sqrt(fan) : 0.1 * x));
  const data = value.type === 'float16' ? floatToHalf(values) : values;
  return new Uint8Array(data.buffer);
}

export interface Measured {
  ms: number;
  peak: number;
  largest: number;
  live: number;
  made: number;
  error?: number;
}

async function runs(graph: BuiltGraph, inputs: Record<string, NamedTensor>[], repeats = 2) {
  runtime ??= createRuntime('webgpu');
  const opened = await runtime;
  const session = await opened.createSession(lazyGraph(graph, weightBytes));
  const results: Measured[] = [];
  let last: Float32Array = new Float32Array(0);
  for (const input of inputs) {
    await session.run(input);
    const at = memory.take();
    const start = performance.now();
    let used = at;
    for (let i = 0; i < repeats; i++) {
      last = Object.values(await session.run(input))[0];
    }
    used = memory.take();
    results.push({
      ms: (performance.now() - start) / repeats,
      live: used.live,
      made: used.made,
      peak: Math.max(at.peak, used.peak),
      largest: Math.max(at.largest, used.largest),
    });
  }
  await session.dispose();
  memory.take();
  return { results, last };
}

declare global {
  interface Window {
    middle(o: { activations: Activations; tokens: number; channels: number; chunks: number }): Promise<unknown>;
    mha(o: {
      activations: Activations;
      tokens: number;
      batch: number;
      heads: number;
      headSize: number;
    }): Promise<unknown>;
    info(): Promise<unknown>;
  }
}

window.middle = async ({ activations, tokens, channels, chunks }) => {
  const g = new GraphBuilder('middle', { target: 'webgpu', activations });
  const [q, k, v] = ['q', 'k', 'v'].map((name) => g.input(name, 'float32', ['batch', 'tokens', channels]));
  const [kT] = g.node('Transpose', {
    inputs: [k],
    attributes: { perm: [0, 2, 1] },
    outputs: [['batch', channels, 'tokens']],
  });
  g.output(
    'y',
    inQueryChunks(g, q, chunks, (some) => {
      const [scores] = g.node('MatMul', { inputs: [some, kT], outputs: [[...some.dims.slice(0, 2), 'tokens']] });
      const [shares] = g.node('Softmax', { inputs: [scores], attributes: { axis: -1 }, outputs: [scores.dims] });
      return g.node('MatMul', { inputs: [shares, v], outputs: [some.dims] })[0];
    }),
  );
  const input = (seed: number, by = 1) => ({
    data: gaussian(tokens * channels, seed).map((x) => x * by),
    dims: [1, tokens, channels],
  });
  const { results, last } = await runs(g.build(), [{ q: input(1, channels ** -0.5), k: input(2), v: input(3) }], 2);
  const key = `${activations} ${tokens} ${channels}`;
  const known = plain.get(key) ?? last;
  plain.set(key, known);
  return { ...results[0], error: relativeError(last, known) };
};
const plain = new Map<string, Float32Array>();

window.info = async () => (await (runtime ??= createRuntime('webgpu'))).device;
window.mha = async ({ activations, tokens, batch, heads, headSize }) => {
  const g = new GraphBuilder('mha', { target: 'webgpu', activations });
  const width = heads * headSize;
  const [q, k, v] = ['q', 'k', 'v'].map((name) => g.input(name, 'float32', ['batch', 'tokens', width]));
  g.output('y', attention(g, q, k, v, { heads }));
  const input = (seed: number) => ({ data: gaussian(batch * tokens * width, seed), dims: [batch, tokens, width] });
  const { results } = await runs(g.build(), [{ q: input(1), k: input(2), v: input(3) }], 1);
  return results[0];
};
