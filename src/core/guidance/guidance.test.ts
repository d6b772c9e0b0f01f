/** Guidance against torch and diffusers. */
import { describe, expect, it } from 'vitest';
import fixture from './fixtures/guidance.json';
import {
  cfg,
  cfgWithoutNegative,
  dualWeights,
  rescaleCfg,
  rescaleCfgInV,
  usesNegative,
  type DualStyle,
  type Guide,
} from './index';

/** float32 in the references, with standard deviations of 256 values. */
const REL = 2e-6;

const f32 = (values: readonly number[]) => Float32Array.from(values);

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  const size = Math.max(...expected.map(Math.abs));
  expect(Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)))).toBeLessThan(REL * size);
}

const uncond = f32(fixture.uncond);
const outputs = fixture.conds.map(f32);

function guides(weights: readonly number[]): Guide[] {
  return weights.map((weight, i) => ({ weight, output: outputs[i] }));
}

describe('cfg', () => {
  it.each(fixture.cfg)('is that of torch for weights $weights at scale $scale', ({ weights, scale, guided }) => {
    expectClose(cfg({ uncond, conds: guides(weights), scale }), guided);
  });

  it('is the positive alone at scale 1', () => {
    expectClose(cfg({ uncond, conds: guides([1]), scale: 1 }), fixture.conds[0]);
  });

  it('leaves its inputs alone', () => {
    const before = uncond.slice();
    cfg({ uncond, conds: guides([1, -0.5]), scale: 7 });
    expect(uncond).toEqual(before);
  });
});

describe('dualWeights', () => {
  it.each(fixture.dual)('make ComfyUI’s sum of three: $style, $scales', ({ style, scales, guided }) => {
    const weights = dualWeights(style as DualStyle, scales);
    if (!weights) throw new Error('all of these have some');
    const conds = guides([weights.first, weights.second]);
    expectClose(cfg({ uncond, conds, scale: scales.negative }), guided);
    expect(usesNegative([weights.first, weights.second], scales.negative)).toBe(scales.negative !== 1);
  });

  it('are none for a regular one without a scale against the negative', () => {
    expect(dualWeights('regular', { conds: 4, negative: 0 })).toBeUndefined();
    expect(dualWeights('nested', { conds: 4, negative: 0 })).toEqual({ first: 4, second: -3 });
  });
});

describe('cfgWithoutNegative', () => {
  it('is the one prompt, whatever its weight', () => {
    expect(cfgWithoutNegative(guides([1.3]))).toEqual(outputs[0]);
  });

  it.each(fixture.skipped)(
    'puts the first of several in the place of the negative: $weights',
    ({ weights, guided }) => {
      expectClose(cfgWithoutNegative(guides(weights)), guided);
    },
  );
});

describe('usesNegative', () => {
  it.each([
    [[1], 1, false],
    [[1], 7, true],
    [[0.5, 0.5], 1, false],
    [[0.1, 0.2], 1 / 0.3, false],
    [[1, 1], 1, true],
    [[1.2], 1, true],
    [[0], 7, true],
  ])('weights %j at scale %d: %s', (weights, scale, expected) => {
    expect(usesNegative(weights, scale)).toBe(expected);
    if (expected) return;
    const [one, other] = [uncond, outputs[1]].map((stand) => cfg({ uncond: stand, conds: guides(weights), scale }));
    expectClose(one, [...other]);
  });
});

describe('rescaleCfg', () => {
  it.each(fixture.rescaled)("is diffusers' rescale_noise_cfg at phi $phi", ({ phi, scale, result }) => {
    const guided = cfg({ uncond, conds: guides([1]), scale });
    expectClose(rescaleCfg({ guided, positive: outputs[0], phi }), result);
  });

  it('leaves output alone that has no contrast', () => {
    const flat = new Float32Array(16).fill(3);
    expect(rescaleCfg({ guided: flat, positive: flat, phi: 0.7 })).toEqual(flat);
  });
});

describe('rescaleCfgInV', () => {
  it.each(fixture.rescaledInV)("is ComfyUI's RescaleCFG at phi $phi, sigma $sigma", ({ phi, scale, sigma, result }) => {
    const guided = cfg({ uncond, conds: guides([1]), scale });
    expectClose(rescaleCfgInV({ x: f32(fixture.x), sigma, guided, positive: outputs[0], phi }), result);
  });

  it('does nothing at phi 0', () => {
    const guided = cfg({ uncond, conds: guides([1]), scale: 7 });
    const result = rescaleCfgInV({ x: f32(fixture.x), sigma: 2, guided, positive: outputs[0], phi: 0 });
    expectClose(result, [...guided]);
  });
});
