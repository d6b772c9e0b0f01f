import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import {
  add,
  concat,
  exprShape,
  exprTensors,
  GraphBuilder,
  padColumns,
  padRows,
  placeWeights,
  printGraph,
  reshape,
  scale,
  serialiseGraph,
  tensor,
  transpose,
  weightKey,
} from '.';
import { groupNorm } from './image-ops';
import { linear } from './ops';

describe('GraphBuilder', () => {
  it('prints what it built', () => {
    const g = new GraphBuilder('tiny', 'portable');
    const x = g.input('x', 'float32', ['batch', 3]);
    g.output('y', linear(g, x, tensor('w', 2, 3), tensor('b', 2)));
    expect(printGraph(g.build())).toMatchInlineSnapshot(`
      "graph tiny
      input x float32 [batch, 3]
      MatMul_0 = MatMul(x, weight_0)
      Add_1 = Add(MatMul_0, weight_1)
      y = Identity(Add_1)
      output y float32 [batch, 2]"
    `);
  });

  it('uses the fused kernel on webgpu and operators with CPU kernels elsewhere', () => {
    const norm = (target: 'webgpu' | 'portable'): string[] => {
      const g = new GraphBuilder('norm', target);
      const x = g.input('x', 'float32', target === 'webgpu' ? ['batch', 4, 6, 8] : ['batch', 8, 4, 6]);
      g.output('y', groupNorm(g, x, tensor('gamma', 8), tensor('beta', 8), { groups: 2, epsilon: 1e-5, silu: true }));
      return g.build().nodes.map((node) => node.op);
    };
    expect(norm('webgpu')).toEqual(['GroupNorm', 'Identity']);
    expect(norm('portable')).toEqual([
      'Reshape',
      'InstanceNormalization',
      'Reshape',
      'Mul',
      'Add',
      'QuickGelu',
      'Identity',
    ]);
  });

  it('stores equal constants and weights once', () => {
    const g = new GraphBuilder('same', 'portable');
    expect(g.weight(tensor('w', 2, 2))).toBe(g.weight(tensor('w', 2, 2)));
    expect(g.integers(1, 2)).toBe(g.integers(1, 2));
    expect(g.integers(1, 2)).not.toBe(g.constant(Int32Array.of(1, 2), [2]));
  });

  it('computes in float16 between float32 inputs and outputs', () => {
    const g = new GraphBuilder('half', { target: 'portable', activations: 'float16' });
    const x = g.input('x', 'float32', ['batch', 3]);
    g.output('y', linear(g, x, tensor('w', 2, 3)));
    expect(printGraph(g.build())).toMatchInlineSnapshot(`
      "graph half
      input x float32 [batch, 3]
      Cast_0 = Cast(x, to=10)
      MatMul_1 = MatMul(Cast_0, weight_0)
      y = Cast(MatMul_1, to=1)
      output y float32 [batch, 2]"
    `);
    expect(g.weight(transpose(tensor('w', 2, 3))).type).toBe('float16');
    expect(g.floats(Float32Array.of(1), [1]).type).toBe('float16');
  });

  it('leaves matrices packed that are stored so', () => {
    const storedForm = (key: string) => (key === 'w' ? ('nbits4' as const) : ('float16' as const));
    const g = new GraphBuilder('packed', { target: 'webgpu', activations: 'float16', storedForm });
    const x = g.input('x', 'float32', ['batch', 64]);
    g.output('y', linear(g, linear(g, x, tensor('w', 96, 64), tensor('b', 96)), tensor('v', 2, 96)));
    const { nodes, weights } = g.build();
    expect(nodes.map(({ op }) => op)).toEqual(['Cast', 'MatMulNBits', 'MatMul', 'Cast']);
    expect(weights.map(({ value: { type, dims } }) => `${type} [${dims.join()}]`)).toEqual([
      'uint8 [96,2,16]',
      'float16 [192]',
      'float16 [96]',
      'float16 [96,2]',
    ]);
  });

  it('keeps what its nodes write, with shapes', () => {
    const g = new GraphBuilder('kept', 'portable');
    const x = g.input('x', 'float32', ['batch', 3]);
    g.output('y', linear(g, x, tensor('w', 2, 3)));
    expect([...g.build().values.values()]).toEqual([
      { name: 'MatMul_0', dims: ['batch', 2], type: 'float32' },
      { name: 'y', dims: ['batch', 2], type: 'float32' },
    ]);
  });

  it('refuses a graph that reads what nobody wrote', () => {
    const g = new GraphBuilder('hole', 'portable');
    g.node('Add', { inputs: [g.reserve([1]), g.integers(1)], outputs: [[1]] });
    expect(() => g.build()).toThrow(AppError);
  });
});

describe('weight expressions', () => {
  it('know their shapes', () => {
    expect(exprShape(transpose(tensor('a', 2, 3)))).toEqual([3, 2]);
    expect(exprShape(concat(tensor('a', 2, 3), tensor('b', 4, 3)))).toEqual([6, 3]);
    expect(exprShape(padRows(reshape(tensor('a', 6), 2, 3), 4))).toEqual([4, 3]);
    expect(exprShape(padColumns(tensor('a', 2, 9, 3, 3), 12))).toEqual([2, 12, 3, 3]);
    expect(exprShape(scale(add(tensor('a', 2), tensor('b', 2)), 3))).toEqual([2]);
  });

  it('refuse shapes that do not fit', () => {
    expect(() => exprShape(add(tensor('a', 2), tensor('b', 3)))).toThrow(/cannot add/);
    expect(() => exprShape(reshape(tensor('a', 2), 3))).toThrow(/reshape/);
    expect(() => exprShape(concat(tensor('a', 2, 3), tensor('b', 2, 4)))).toThrow(/concat/);
    expect(() => exprShape(transpose(tensor('a', 2)))).toThrow(/transpose/);
  });

  it('name the checkpoint tensors they read, once each', () => {
    const expr = concat(tensor('a', 2), scale(tensor('b', 2), 2), tensor('a', 2));
    expect(exprTensors([expr]).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('weightKey', () => {
  it('is the expression as text', () => {
    const a = tensor('a.weight', 2, 3);
    expect(weightKey(transpose(concat(a, tensor('b', 4, 3))))).toBe('transpose(concat(a.weight, b))');
    expect(weightKey(padRows(reshape(scale(add(a, a), 0.125), 3, 2), 4))).toBe(
      'padRows(reshape(scale(add(a.weight, a.weight); 0.125); 3 2); 4)',
    );
  });
});

describe('placeWeights', () => {
  const g = new GraphBuilder('big', 'portable');
  for (const [name, rows] of [
    ['a', 10],
    ['b', 30],
    ['c', 200],
  ] as const)
    g.weight(tensor(name, rows));
  const { placements, files } = placeWeights(g.build(), 256);

  it('keeps each weight inside one file and files below the limit where a weight allows it', () => {
    expect([...placements.values()]).toEqual([
      { location: 'big-0.bin', offset: 0, byteLength: 40 },
      { location: 'big-0.bin', offset: 64, byteLength: 120 },
      { location: 'big-1.bin', offset: 0, byteLength: 800 },
    ]);
    expect(Object.fromEntries(files)).toEqual({ 'big-0.bin': 184, 'big-1.bin': 800 });
  });
});

describe('serialiseGraph', () => {
  it('writes a model that ONNX Runtime loads and runs, weights outside', async () => {
    const g = new GraphBuilder('run', 'portable');
    const x = g.input('x', 'float32', ['batch', 2]);
    g.output('y', linear(g, x, tensor('w', 3, 2), tensor('b', 3)));
    const graph = g.build();
    const { placements, files } = placeWeights(graph, 1 << 20);
    const data = new Float32Array((files.get('run-0.bin') ?? 0) / 4);
    data.set([1, 2, 3, 10, 20, 30], 0); // w transposed: [2, 3]
    data.set([0.5, 0.25, 0], 16);
    const session = await ort.InferenceSession.create(serialiseGraph(graph, placements), {
      externalData: [{ path: 'run-0.bin', data: new Uint8Array(data.buffer) }],
    });
    const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.of(1, 1, 2, 0), [2, 2]) });
    expect(y.dims).toEqual([2, 3]);
    expect([...(y.data as Float32Array)]).toEqual([11.5, 22.25, 33, 2.5, 4.25, 6]);
    await session.release();
  });
});
