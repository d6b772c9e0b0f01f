import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { evaluateDim, GraphBuilder, inQueryChunks, serialiseGraph, type BuiltGraph } from '.';
import { attention } from './ops';
import { gaussian } from '../weights/testing/numbers';

const WIDTH = 8;

function selfAttention(count: number): BuiltGraph {
  const g = new GraphBuilder('chunked', 'portable');
  const [q, k] = ['q', 'k'].map((name) => g.input(name, 'float32', ['batch', 'tokens', WIDTH]));
  g.output(
    'y',
    inQueryChunks(g, q, count, (some) => attention(g, some, k, k, { heads: 2 })),
  );
  return g.build();
}

async function run(graph: BuiltGraph, tokens: number): Promise<{ y: Float32Array; dims: readonly number[] }> {
  const session = await ort.InferenceSession.create(serialiseGraph(graph, new Map()));
  const dims = [2, tokens, WIDTH];
  const input = (seed: number): ort.Tensor => new ort.Tensor('float32', gaussian(2 * tokens * WIDTH, seed), dims);
  const { y } = await session.run({ q: input(1), k: input(2) });
  await session.release();
  return { y: y.data as Float32Array, dims: y.dims };
}

describe('inQueryChunks', () => {
  it.each([1, 5, 15, 16, 17, 64, 105])('gives %i tokens what attention over all at once gives', async (tokens) => {
    const whole = await run(selfAttention(1), tokens);
    for (const count of [4, 16]) {
      const parts = await run(selfAttention(count), tokens);
      expect(parts.dims).toEqual([2, tokens, WIDTH]);
      // each row's sums in the same order or in one of another blocking
      parts.y.forEach((value, i) => expect(Math.abs(value - whole.y[i])).toBeLessThan(1e-6));
    }
  });

  it('asks attention for a share of the queries, as often as said', () => {
    const { nodes, values } = selfAttention(16);
    const parts = nodes.filter(({ op }) => op === 'MultiHeadAttention');
    expect(parts).toHaveLength(16);
    for (const { inputs } of parts) expect(values.get(inputs[0])?.dims).toEqual(['batch', 'ceil(tokens/16)', WIDTH]);
    expect(evaluateDim('ceil(tokens/16)', { tokens: 105 * 158 })).toBe(1037);
  });

  it('changes nothing where there is one part', () => {
    expect(selfAttention(1).nodes.map(({ op }) => op)).toEqual(['MultiHeadAttention', 'Identity']);
  });
});
