/** FLOPs of the published networks against torch's own count (tools/fixtures/make_flops.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addTo, concatChannels, GraphBuilder, linear, tensor, upsample2x } from '../graph';
import { FAMILY_CONFIGS } from '../models';
import { componentFlops, type BenchConfigs } from './component-flops';
import { countFlops } from './count-flops';
import { inferShapes } from './infer-shapes';

const { flops } = JSON.parse(readFileSync(new URL('./fixtures/flops.json', import.meta.url)).toString()) as {
  flops: Record<string, number>;
};

describe('componentFlops', () => {
  // Ours computes the time embedding once for the whole batch: torch counts it once a row.
  it.each(Object.entries(flops))('counts %s as torch does', (name, expected) => {
    const [, family, component, width, height, batch] =
      /^(\S+) (\S+)(?: (\d+)x(\d+))? b(\d)$/.exec(name) ?? [];
    const configs = FAMILY_CONFIGS[family as 'sd15'] as BenchConfigs;
    const shape = { width: Number(width ?? 512), height: Number(height ?? 512), batch: Number(batch) };
    const { total } = componentFlops(component as 'unet', configs, shape);
    expect(Math.abs(total / expected - 1)).toBeLessThan(1e-4);
  });

  it('counts the same on both targets, but for channels that fill up fours', () => {
    const shape = { width: 512, height: 512, batch: 2 };
    const portable = componentFlops('unet', FAMILY_CONFIGS.sdxl, shape);
    const webgpu = componentFlops('unet', FAMILY_CONFIGS.sdxl, shape, 'webgpu');
    expect(webgpu.total).toBe(portable.total);
    const decoder = componentFlops('vae_decoder', FAMILY_CONFIGS.sd15, shape, 'webgpu');
    expect(decoder.total / componentFlops('vae_decoder', FAMILY_CONFIGS.sd15, shape).total).toBeCloseTo(1, 2);
  });
});

describe('countFlops', () => {
  it('counts two operations a multiply-add', () => {
    const g = new GraphBuilder('one', 'portable');
    const x = g.input('x', 'float32', ['batch', 'tokens', 6]);
    g.output('y', linear(g, x, tensor('w', 10, 6)));
    expect(countFlops(g.build(), { x: [2, 7, 6] })).toEqual({
      matrix: 2 * 2 * 7 * 6 * 10,
      convolution: 0,
      attention: 0,
      total: 1680,
    });
  });
});

describe('inferShapes', () => {
  it('names an operator that it has no rule for', () => {
    const g = new GraphBuilder('odd', 'portable');
    const x = g.input('x', 'float32', [4]);
    g.output('y', g.node('Einsum', { inputs: [x], outputs: [[4]] })[0]);
    expect(() => inferShapes(g.build(), { x: [4] })).toThrow(/Einsum/);
    expect(() => inferShapes(g.build(), {})).toThrow(/no shape is given for the input "x"/);
  });

  it('follows sizes that the graph computes from its own input', () => {
    const g = new GraphBuilder('sizes', 'portable');
    const x = g.input('x', 'float32', ['batch', 8, 'height', 'width']);
    const twice = upsample2x(g, g.node('Identity', { inputs: [x], outputs: [[1, 8, 5, 7]] })[0]);
    const [size] = g.node('Shape', { inputs: [twice], outputs: [[4]], type: 'int64' });
    const [flat] = g.node('Reshape', { inputs: [twice, g.integers(0, 8, -1)], outputs: [[1, 8, 140]] });
    const [back] = g.node('Reshape', { inputs: [flat, size], outputs: [[1, 8, 10, 14]] });
    g.output('y', concatChannels(g, addTo(g, back, twice), twice));
    expect(inferShapes(g.build(), { x: [1, 8, 5, 7] }).get('y')).toEqual([1, 16, 10, 14]);
    expect(inferShapes(g.build(), { x: [3, 8, 6, 2] }).get('y')).toEqual([3, 16, 12, 4]);
  });
});
