/** What a ControlNet for inpainting is shown on the whole way from a request: −1 where the form's mask is, colours elsewhere. */
import { expect, it, vi } from 'vitest';
import type { Pixels } from '../src/core/image';
import type { GenerationRequest } from '../src/core/recipe/request';
import type { ControlUnit } from '../src/core/recipe/control/unit';
import cases from '../src/engine/fixtures/pipelines/cases.json';
import fixture from '../src/engine/fixtures/pipelines/control.json';
import { Control } from '../src/engine/models/control';
import { paintTiny, tinyCase } from './testing/paint-tiny';
import { openTinyControls } from './testing/tiny-control';
import { openTinyPack } from './testing/tiny-pack';

const { width, height } = cases;
const [one] = fixture.cases;

const rgba = (by: number, level: (x: number, y: number, channel: number) => number): Pixels => ({
  width: by * width,
  height: by * height,
  data: Uint8ClampedArray.from({ length: 4 * by * width * by * height }, (_, i) => {
    const pixel = Math.floor(i / 4);
    return i % 4 === 3 ? 255 : level(pixel % (by * width), Math.floor(pixel / (by * width)), i % 4);
  }),
});

const colour = (x: number, y: number, channel: number) => (40 + 5 * x + 3 * y + 60 * channel) % 256;
const images = {
  picture: rgba(1, colour),
  mask: rgba(1, (x) => (x < width / 2 ? 255 : 0)),
  other: rgba(2, colour),
};

/** Red, green and blue in turn, [3, height, width]. */
async function shown(
  unit: Partial<ControlUnit>,
  more: Record<string, Pixels> = {},
  changes: Partial<GenerationRequest> = {},
): Promise<readonly number[]> {
  const encode = vi.spyOn(Control.prototype, 'encodeHint');
  const base = tinyCase(one.base);
  const control: ControlUnit[] = [{ model: one.units[0].model, module: 'inpaint_only', ...unit }];
  const controls = await openTinyControls([one.units[0].model]);
  const from = { initImage: 'picture', initMask: 'mask', maskBlur: 0, denoisingStrength: 0.5, ...changes };
  const latent = await paintTiny(base, await openTinyPack(base, 'float32'), {
    ...{ ...from, control, controls },
    images: { ...images, ...more },
  });
  const hint = encode.mock.lastCall?.[0]['hint'].data;
  encode.mockRestore();
  expect(latent.every(Number.isFinite)).toBe(true);
  return [...((hint ?? []) as Float32Array)];
}

it('is the start picture without what is masked of it, by either name', async () => {
  const wanted = Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    return x < width / 2 ? -1 : Math.fround(colour(x, y, Math.floor(i / (width * height))) / 255);
  });
  expect(await shown({})).toEqual(wanted);
  expect(await shown({ module: 'inpaint' })).toEqual(wanted);
});

it('is masked in the same place of another picture, of another size', async () => {
  const hint = await shown({ image: 'other' });
  hint.forEach((level, i) => {
    if (i % width < width / 2) expect(level).toBe(-1);
    else expect(level).toBeGreaterThanOrEqual(0);
  });
});

it('has a mask of its own where it is given one, as it is, whatever the form says of its own', async () => {
  const upper = rgba(2, (_, y) => (y < height ? 255 : 0));
  const hint = await shown({ image: 'other', mask: 'upper' }, { upper }, { invertMask: true, maskBlur: 4 });
  hint.forEach((level, i) => {
    if (Math.floor(i / width) % height < height / 2) expect(level).toBe(-1);
    else expect(level).toBeGreaterThanOrEqual(0);
  });
});

it('has nothing masked for other preprocessors', async () => {
  expect(Math.min(...(await shown({ module: 'none' })))).toBeGreaterThanOrEqual(0);
});
