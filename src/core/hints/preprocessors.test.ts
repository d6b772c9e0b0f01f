import { describe, expect, it } from 'vitest';
import { raster } from '../image/raster';
import { madeRaster } from '../image/testing/made-bytes';
import {
  findPreprocessor,
  HINT_SETTING_IDS,
  hintValues,
  isComputed,
  makeHint,
  pixelPerfectResolution,
  preprocessor,
  PREPROCESSOR_IDS,
  preprocessorsFor,
  resizeToBlocks,
  toHintPlanes,
  type ControlType,
} from '.';

const picture = madeRaster({ width: 20, height: 12 }, 4, 7);
const mask = raster({ width: 20, height: 12 }, 1);
mask.data.fill(255, 0, 30);
mask.data.fill(128, 30, 40);
mask.data.fill(127, 40, 50);

describe.each(PREPROCESSOR_IDS)('%s', (id) => {
  const { label, aliases, settings, licence } = preprocessor(id);

  it('is found by key, label and aliases in any case, and by no other’s', () => {
    for (const name of [id, label, ...aliases, ` ${label.toUpperCase()} `]) expect(findPreprocessor(name)).toBe(id);
  });

  it('has settings that include their defaults', () => {
    for (const { min, max, value, step } of Object.values(settings)) {
      expect(value).toBeGreaterThanOrEqual(min);
      expect(value).toBeLessThanOrEqual(max);
      expect(step).toBeGreaterThan(0);
    }
  });

  it('states its licence', () => expect(licence).not.toBe(''));

  it('takes −1 for its default and refuses what is out of range, in a sentence with its names', () => {
    for (const name of HINT_SETTING_IDS) {
      const setting = settings[name];
      expect(hintValues(id, { [name]: -1 })[name]).toBe(setting?.value ?? 0);
      if (!setting) continue;
      for (const wrong of [setting.max + 1, setting.min - 3, NaN])
        expect(() => hintValues(id, { [name]: wrong })).toThrow(`"${setting.label}" of "${label}" must be a`);
    }
  });
});

describe.each(PREPROCESSOR_IDS.filter(isComputed))('%s', (id) => {
  const { settings, needsMask, usesSeed } = preprocessor(id);

  it('leaves the picture alone and gives the same bytes twice, of another seed only where it uses one', () => {
    const before = picture.data.slice();
    const make = (seed: number) =>
      makeHint(id, picture, { ...(settings.resolution && { resolution: 64 }), seed, ...(needsMask && { mask }) });
    const hint = make(1);
    expect(picture.data).toEqual(before);
    expect(hint.data).toEqual(make(1).data);
    expect(String(hint.data) === String(make(2).data)).toBe(!usesSeed);
  });

  it('makes something of one pixel', () => {
    const dot = madeRaster({ width: 1, height: 1 }, 3, 3);
    const hint = makeHint(id, dot, { mask: raster(dot, 1) });
    expect(hint.data).toHaveLength(hint.width * hint.height * hint.channels);
  });
});

describe('preprocessorsFor', () => {
  it.each<[ControlType, string]>([
    ['canny', 'canny'],
    ['lineart', 'invert'],
    ['scribble', 'invert'],
    ['tile', 'tile_resample'],
    ['inpaint', 'inpaint_only'],
    ['recolor', 'recolor_luminance'],
    ['shuffle', 'shuffle'],
    ['openpose', 'openpose'],
    ['segmentation', 'none'],
  ])('begins for %s with %s, and ends with none', (type, first) => {
    const all = preprocessorsFor(type);
    expect(all[0]).toBe(first);
    expect(all.at(-1)).toBe('none');
  });
});

it('a name that is not here finds nothing', () => expect(findPreprocessor('openpose_full')).toBeUndefined());

describe('makeHint', () => {
  it('refuses inpainting without a mask, and with one of another size', () => {
    expect(() => makeHint('inpaint_only', picture)).toThrow('"inpaint_only" needs a mask that says where to repaint');
    const wrong = raster({ width: 3, height: 2 }, 1);
    expect(() => makeHint('inpaint_only', picture, { mask: wrong })).toThrow(
      'The mask has 3 × 2 pixels and the picture 20 × 12',
    );
  });

  it.each([-1, 0.5, 2 ** 32])('refuses the seed %d', (seed) => {
    expect(() => makeHint('shuffle', picture, { seed })).toThrow('The seed of a hint must be a whole number from 0');
  });

  it('refuses a picture so narrow that its hint would be huge', () => {
    expect(() => makeHint('canny', raster({ width: 4000, height: 1 }, 3))).toThrow(
      'A picture of 4000 × 1 pixels would have 2048000 × 512 at this resolution; choose a lower one',
    );
    expect(() => resizeToBlocks(raster({ width: 4000, height: 1 }, 3), 512)).toThrow('choose a lower one');
  });

  it('sees nothing of a picture that is clear all over', () => {
    const clear = raster({ width: 16, height: 16 }, 4, madeRaster({ width: 16, height: 16 }, 4, 1).data);
    for (let i = 3; i < clear.data.length; i += 4) clear.data[i] = 0;
    expect(new Set(makeHint('canny', clear, { resolution: 64 }).data)).toEqual(new Set([0]));
  });
});

describe('toHintPlanes', () => {
  it('is −1 in each channel where the mask is above one half, else levels over 255', () => {
    const opaque = madeRaster({ width: 20, height: 12 }, 3, 7);
    const planes = toHintPlanes(makeHint('inpaint_only', opaque, { mask }));
    for (let i = 0; i < 240; i++)
      for (let c = 0; c < 3; c++)
        expect(planes[c * 240 + i]).toBe(i < 40 ? -1 : Math.fround(opaque.data[3 * i + c] / 255));
  });

  it('repeats grey', () => {
    const grey = raster({ width: 1, height: 1 }, 1, Uint8ClampedArray.of(51));
    expect(toHintPlanes(grey)).toEqual(Float32Array.of(0.2, 0.2, 0.2));
  });
});

/** @see sd-webui-controlnet scripts/external_code.py */
describe('pixelPerfectResolution', () => {
  it.each([
    [{ width: 1000, height: 800 }, { width: 512, height: 768 }, false, 768],
    [{ width: 1000, height: 800 }, { width: 512, height: 768 }, true, 410],
    [{ width: 640, height: 480 }, { width: 640, height: 480 }, false, 480],
    [{ width: 300, height: 901 }, { width: 512, height: 512 }, false, 512],
    [{ width: 300, height: 901 }, { width: 512, height: 512 }, true, 170],
  ])('of %o drawn as %o, filled %s, is %i', (size, target, isFilled, resolution) => {
    expect(pixelPerfectResolution({ picture: size, target, isFilled })).toBe(resolution);
  });
});
