/** Kernels of convolutions that stay in 8 bits: what a graph reads of them, and what a picture then takes. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  conv,
  elementCount,
  exprShape,
  fromNchw,
  GraphBuilder,
  tensor,
  toNchw,
  type BuiltGraph,
  type Weight,
} from '../graph';
import { buildUnet, readUnetConfig } from '../networks';
import { openSources } from '../testing/open-sources';
import { STARTER_MODEL } from '../testing/starter-model';
import { importCheckpoint, openWeights, type DtypePlanId, type PackWeights } from '.';
import { createFamilyMemory } from './family-memory';
import { memoryPacks } from './testing/memory-packs';

/** Larger than that it is widened in halves. */
const WIDE = 16e6;

const operators = ({ nodes }: BuiltGraph): string[] => nodes.map(({ op }) => op);

function convolution(channels: number, packsKernels = true, target: 'webgpu' | 'portable' = 'webgpu'): BuiltGraph {
  const g = new GraphBuilder('g', { target, activations: 'float32', packsKernels, storedForm: () => 'int8_channel' });
  const x = fromNchw(g, g.input('x', 'float32', ['batch', channels, 'height', 'width']));
  const kernel = tensor('w', channels, channels, 3, 3);
  g.output('y', toNchw(g, conv(g, x, kernel, tensor('b', channels), { pads: [1, 1, 1, 1] })));
  return g.build();
}

describe('a graph that packs kernels', () => {
  it('widens them in each run', () => {
    const graph = convolution(8);
    expect(operators(graph)[0]).toBe('DequantizeLinear');
    expect(graph.weights.map(({ value: { type, dims } }) => `${type} [${dims.join()}]`).sort()).toEqual([
      'float32 [8]',
      'float32 [8]',
      'int8 [8,8,3,3]',
    ]);
  });

  it('widens a large one in halves, so that little of it stands there at a time', () => {
    const channels = Math.ceil(Math.sqrt(WIDE / 9) / 8 + 1) * 8;
    const graph = convolution(channels);
    expect(operators(graph).filter((op) => op === 'DequantizeLinear' || op === 'Conv')).toHaveLength(4);
    expect(graph.values.get(graph.outputs[0].name)?.dims).toEqual(['batch', channels, 'height', 'width']);
  });

  it('does so on webgpu alone, and only where it is asked to', () => {
    expect(operators(convolution(8, false))).not.toContain('DequantizeLinear');
    expect(operators(convolution(8, true, 'portable'))).not.toContain('DequantizeLinear');
  });
});

describe.each<DtypePlanId>(['q8', 'smallest'])('a pack of %s', (plan) => {
  let weights: PackWeights;
  let kernels: Map<string, Weight[]>;
  beforeAll(async () => {
    const { sources } = await openSources(STARTER_MODEL);
    const store = memoryPacks();
    const draft = store.create(plan);
    await importCheckpoint({ sources, id: plan, name: 'Starter', plan, draft, onProgress: () => undefined });
    weights = await openWeights(store.open(plan), 'unet');
    const form = { target: 'webgpu', activations: 'float32', packsKernels: true } as const;
    const graph = buildUnet(readUnetConfig('config.json', weights.config), { ...form, storedForm: weights.storedForm });
    kernels = new Map();
    for (const weight of graph.weights) {
      if (weight.part === 'values' || weight.part.form !== 'int8_channel') continue;
      const key = JSON.stringify(weight.expr);
      kernels.set(key, [...(kernels.get(key) ?? []), weight]);
    }
  });

  it('gives kernels as their numbers: what 8 bits and a scale a channel make of what it keeps', () => {
    expect(kernels.size).toBeGreaterThan(5);
    for (const [quants, scales] of kernels.values()) {
      const kept = new Float32Array(weights.read({ ...quants, part: 'values', value: { ...scales.value } }).buffer);
      const codes = new Int8Array(weights.read(quants).slice().buffer);
      const by = new Float32Array(weights.read(scales).slice().buffer);
      const inner = elementCount(quants.value.dims as number[]) / by.length;
      // q8 keeps just that; fewer bits are rounded once more, to 127 levels a side
      const most = plan === 'q8' ? 1e-5 : 0.51;
      const apart = kept.findIndex((value, i) => {
        const scale = by[Math.floor(i / inner)];
        return Math.abs(value - codes[i] * scale) > most * scale;
      });
      expect(apart).toBe(-1);
    }
  });

  it('gives some of a kernel’s rows the same', () => {
    const [[quants, scales]] = kernels.values();
    const shape = exprShape(quants.expr);
    const half = shape[0] / 2;
    const rows = { op: 'rows', of: quants.expr, from: half, rows: half } as const;
    const dims = [half, ...shape.slice(1)];
    expect(weights.storedForm('rows', dims, rows)).toBe('int8_channel');
    const some = weights.read({ ...quants, expr: rows, value: { ...quants.value, dims } });
    expect([...some]).toEqual([...weights.read(quants).slice(some.length)]);
    const factors = weights.read({ ...scales, expr: rows, value: { ...scales.value, dims: [half] } });
    expect([...factors]).toEqual([...weights.read(scales).slice(factors.length)]);
  });
});

describe('a picture of 512 × 512 where memory is short', () => {
  it.each<DtypePlanId>(['q8', 'q4', 'smallest'])('takes at most 1.2 GB of SD 1.5 in %s, all in all', (plan) => {
    const size = { width: 512, height: 512 };
    const wide = createFamilyMemory('sd15', plan, 'float16')(size);
    const tight = createFamilyMemory('sd15', plan, 'float16', { packsKernels: true })(size);
    expect(tight.peakInTurnBytes).toBeLessThan(1.2e9);
    expect(tight.peakInTurnBytes).toBeLessThan((2 / 3) * wide.peakBytes);
  });
});
