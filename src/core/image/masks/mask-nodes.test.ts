/** Masks changed and put together as ComfyUI's nodes do, against torch and scipy. */
import { describe, expect, it } from 'vitest';
import { blurPlanes } from '../compose/blur';
import { raster } from '../raster';
import { changeMask } from './change-mask';
import { composeMasks, featherMask, type MaskMix } from './compose-masks';
import fixture from './fixtures/mask-nodes.json';
import packs from './fixtures/pack-masks.json';

const mask = raster({ width: 13, height: 10 }, 1, Uint8ClampedArray.from(fixture.levels));
const small = raster({ width: 7, height: 6 }, 1, Uint8ClampedArray.from(fixture.small));

describe('a mask', () => {
  it.each(fixture.grown)('grows by $expand, tapered: $tapered', ({ expand, tapered, result }) => {
    expect([...changeMask(mask, tapered ? 'grow_tapered' : 'grow', expand).data]).toEqual(result);
  });

  it('is cut off at a level', () => {
    expect([...changeMask(mask, 'threshold', fixture.threshold.value).data]).toEqual(fixture.threshold.result);
  });

  it('fades towards its edges', () => {
    const { result, ...sides } = fixture.feather;
    const { data } = featherMask(mask, sides);
    expect(Math.max(...result.map((level, i) => Math.abs(level - data[i])))).toBeLessThanOrEqual(1);
  });

  it.each(fixture.composed)('is put together with another: $how', ({ how, result }) => {
    const { data } = composeMasks(mask, small, how as MaskMix, { x: 4, y: 5 });
    expect(Math.max(...result.map((level, i) => Math.abs(level - data[i])))).toBeLessThanOrEqual(1);
  });

  const levels = Uint8ClampedArray.from(packs.mask);

  it.each(packs.blurs)('is blurred as Pillow does: $radius', ({ radius, result }) => {
    expect([...changeMask(raster(packs, 1, levels), 'blur', radius).data]).toEqual(result);
  });

  it.each(packs.bells)('is blurred by torchvision’s bell, whose sigma is in pixels: $kernel, $sigma', (bell) => {
    const blurred = blurPlanes(Float32Array.from(levels), packs, bell.kernel, bell.sigma / bell.kernel);
    expect(Math.max(...bell.result.map((level, i) => Math.abs(level - blurred[i])))).toBeLessThan(1e-3);
  });
});
