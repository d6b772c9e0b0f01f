/** FLOPs of the published networks against torch's own count (tools/fixtures/make_flops.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GraphBuilder, linear, tensor } from '../graph';
import { componentFlops } from './component-flops';
import { familyConfigs } from './family-configs';
import { countFlops } from './count-flops';

const { flops } = JSON.parse(readFileSync(new URL('./fixtures/flops.json', import.meta.url)).toString()) as {
  flops: Record<string, number>;
};

describe('componentFlops', () => {
  // Ours computes the time embedding once for the whole batch: torch counts it once a row.
  it.each(Object.entries(flops))('counts %s as torch does', (name, expected) => {
    const [, family, component, width, height, batch] = /^(\S+) (\S+)(?: (\d+)x(\d+))? b(\d)$/.exec(name) ?? [];
    const configs = familyConfigs(family as 'sd15');
    const shape = { width: Number(width ?? 512), height: Number(height ?? 512), batch: Number(batch) };
    const { total } = componentFlops(component as 'unet', configs, shape);
    expect(Math.abs(total / expected - 1)).toBeLessThan(1e-4);
  });

  it('counts the same on both targets, but for channels that fill up fours', () => {
    const shape = { width: 512, height: 512, batch: 2 };
    const portable = componentFlops('unet', familyConfigs('sdxl'), shape);
    const webgpu = componentFlops('unet', familyConfigs('sdxl'), shape, 'webgpu');
    expect(webgpu.total).toBe(portable.total);
    const decoder = componentFlops('vae_decoder', familyConfigs('sd15'), shape, 'webgpu');
    expect(decoder.total / componentFlops('vae_decoder', familyConfigs('sd15'), shape).total).toBeCloseTo(1, 2);
  });
});

describe('countFlops', () => {
  it('counts two operations a multiply-add', () => {
    const g = new GraphBuilder('one', 'portable');
    const x = g.input('x', 'float32', ['batch', 'tokens', 6]);
    g.output('y', linear(g, x, tensor('w', 10, 6)));
    expect(countFlops(g.build(), { batch: 2, tokens: 7 })).toEqual({
      matrix: 2 * 2 * 7 * 6 * 10,
      convolution: 0,
      attention: 0,
      total: 1680,
    });
  });

  it('says which size it was not given', () => {
    const g = new GraphBuilder('one', 'portable');
    g.output('y', linear(g, g.input('x', 'float32', ['batch', 6]), tensor('w', 10, 6)));
    expect(() => countFlops(g.build(), {})).toThrow(/"batch" is not known/);
  });
});
