import { describe, expect, it } from 'vitest';
import { withoutControl } from './extras';
import { parseInfotext, writeInfotext } from '../infotext';
import { readLink, writeLink } from '../links';
import { readControl, withControl } from './infotext';
import { assertControl, controlProblems, startsFrom } from './problems';
import type { ControlUnit } from './unit';

const recipe = { prompt: 'a cat', negativePrompt: '', steps: 20, seed: 1 };
const HASH = 'a'.repeat(64);
const POSE = `512x768;${Array.from({ length: 18 }, (_, i) => `${i}.5 ${2 * i}${i === 3 ? '!' : ''}`).join('/')}`;

/** sd-webui-controlnet's own text of a unit. */
const MODERN =
  'a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, ControlNet 0: "Module: canny, Model: control_v11p_sd15_canny [d14c016b], Weight: 1.0, Resize Mode: Crop and Resize, Processor Res: 512, Threshold A: 100.0, Threshold B: 200.0, Guidance Start: 0.0, Guidance End: 1.0, Pixel Perfect: True, Control Mode: Balanced", Version: v1.10.1';

const CANNY: ControlUnit = {
  module: 'canny',
  model: 'control_v11p_sd15_canny',
  modelHash: 'd14c016b',
  weight: 1,
  resizeMode: 'crop_and_resize',
  resolution: 512,
  thresholdA: 100,
  thresholdB: 200,
  start: 0,
  end: 1,
  pixelPerfect: true,
  mode: 'balanced',
};

describe('units in texts', () => {
  it('are read as sd-webui-controlnet writes them, and written so', () => {
    const parsed = parseInfotext(MODERN).recipe;
    expect(readControl(parsed)).toEqual({ units: [CANNY], notes: [] });
    const text = writeInfotext(withControl(recipe, [CANNY]));
    const [own] = /ControlNet 0: "[^"]*"/.exec(MODERN) ?? [];
    expect(text).toContain(own);
  });

  it.each([
    [
      'before 1.1.400',
      '"preprocessor: tile_resample, model: control_v11f1e_sd15_tile [a371b31b], weight: 0.8, starting/ending: (0.1, 0.9), resize mode: Crop and Resize, pixel perfect: True, control mode: My prompt is more important, preprocessor params: (64, 8, 1)"',
      { module: 'tile_resample', weight: 0.8, start: 0.1, end: 0.9, mode: 'prompt', resolution: 64, thresholdA: 8 },
    ],
    [
      'by Forge',
      '"Module: depth, Model: depth [1a2b3c4d], Weight: 1, Resize Mode: Inner Fit (Scale to Fit), Guidance Start: 0.2, Guidance End: 1.0, Pixel Perfect: False, Control Mode: ControlNet is more important, Hr Option: High res only"',
      { module: 'depth', resizeMode: 'crop_and_resize', start: 0.2, mode: 'control', hires: 'high' },
    ],
    [
      'for inpainting',
      '"Module: inpaint_only, Model: control_v11p_sd15_inpaint [ebff9138], Weight: 1.0, Resize Mode: Crop and Resize, Guidance Start: 0.0, Guidance End: 1.0, Pixel Perfect: False, Control Mode: Balanced"',
      { module: 'inpaint_only', model: 'control_v11p_sd15_inpaint', modelHash: 'ebff9138' },
    ],
    [
      'with words and numbers that are none',
      '"Module: canny, Model: x, Weight: heavy, Guidance End: 7, Control Mode: Whatever, Nonsense, Threshold A"',
      { module: 'canny', model: 'x' },
    ],
  ])('are read as written %s', (_, value, unit) => {
    const { units } = readControl(parseInfotext(`a\nSteps: 20, Sampler: Euler, ControlNet 1: ${value}`).recipe);
    expect(units).toHaveLength(1);
    expect(units[0]).toMatchObject(unit);
    expect(units[0].weight ?? 1).toBeLessThanOrEqual(2);
  });

  it('are left out with a note where they name no model', () => {
    const { units, notes } = readControl(
      parseInfotext('a\nSteps: 20, Sampler: Euler, ControlNet 0: "Module: none, Model: None"').recipe,
    );
    expect(units).toEqual([]);
    expect(notes[0].message).toMatch(/names no model/);
  });

  it('go there and back with all they say, in texts and in links, without their pixels', () => {
    const units: ControlUnit[] = [
      {
        ...CANNY,
        image: HASH,
        pose: POSE,
        region: HASH.replaceAll('a', 'b'),
        mask: HASH.replaceAll('a', 'c'),
        more: [HASH.replaceAll('a', 'd'), HASH.replaceAll('a', 'e')],
        join: 'average',
        hires: 'low',
        kind: 'hardedge',
        range: 'comfyui',
        mode: 'control',
        weight: 0.65,
      },
      {
        ...CANNY,
        modelHash: undefined,
        model: 'other',
        start: 0.25,
        end: 0.75,
        resizeMode: 'just_resize',
      } as ControlUnit,
    ];
    const told = withControl(recipe, units);
    const back = JSON.parse(JSON.stringify(units)) as ControlUnit[];
    expect(readControl(parseInfotext(writeInfotext(told)).recipe).units).toEqual(back);
    expect(readControl(readLink(writeLink(told))?.recipe ?? {}).units).toEqual(back);
  });

  it('say nothing where there are none', () => expect(withControl(recipe, [])).toBe(recipe));
});

describe('units of a request', () => {
  const unit: ControlUnit = { model: 'x', image: HASH };
  it.each([
    [[{ ...unit, weight: 3 }], /weight must be from 0 to 2, not 3/],
    [[{ ...unit, start: 0.8, end: 0.2 }], /starts at 0.8, after its end at 0.2/],
    [[{ ...unit, mode: 'wild' }], /mode must be one of balanced, prompt, control, not wild/],
    [[{ model: 'x' }], /its picture is missing/],
    [[{ ...unit, model: '' }], /has no model/],
    [[{}], /names no model/],
    [{}, /must be a list/],
    [Array.from({ length: 11 }, () => unit), /11 units of control; 10 are allowed/],
    [[unit, { ...unit, module: 'depth_leres' }], /Control unit 2: nothing makes hints by "depth_leres" here: choose/],
    [[{ ...unit, join: 'sum' }], /join must be one of concat, average, .*, not sum/],
    [[{ ...unit, more: [HASH] }], /only IP-Adapters read more than one picture: take the 1 further away/],
    [[{ ...unit, module: 'ip-adapter-auto', more: Array(8).fill(HASH) }], /it has 9 pictures; 8 are allowed/],
    [[{ ...unit, more: HASH }], /more must be a list of pictures/],
    [[{ ...unit, module: 'softedge_teed', thresholdA: 30 }], /Safe Steps must be from 0 to 10, not 30/],
    [[{ ...unit, module: 'canny', thresholdA: 300 }], /Low Threshold must be from 1 to 255, not 300/],
  ])('%j are refused in a sentence', (units, sentence) => {
    expect(controlProblems(units, startsFrom({})).join(' ')).toMatch(sentence);
  });

  it('need the mask of the start picture where a preprocessor leaves out what is masked', () => {
    const control = [{ ...unit, module: 'inpaint_only' }];
    const sentence = /"inpaint_only" needs the mask of the picture that is started from: choose that picture/;
    expect(() => assertControl({ control })).toThrow(sentence);
    expect(() => assertControl({ control, initImage: HASH })).toThrow(sentence);
    expect(() => assertControl({ control, initMask: HASH })).toThrow(sentence);
    expect(() => assertControl({ control, initImage: HASH, initMask: HASH })).not.toThrow();
    expect(() => assertControl({ control: [{ ...control[0], mask: HASH }] })).not.toThrow();
  });

  it('may see the picture that is started from', () => {
    expect(controlProblems([{ model: 'x' }], startsFrom({ initImage: HASH }))).toEqual([]);
    expect(() => assertControl({ control: [{ model: 'x' }] })).toThrow(/picture is missing/);
    expect(() => assertControl({ control: [unit] })).not.toThrow();
  });
});

describe('withoutControl', () => {
  it('drops what its own units say, and keeps what other savers write of theirs', () => {
    const own = {
      'ControlNet 0': 'a',
      'ControlNet-1': 'b',
      'ControlNet 0 picture': 'c',
      'ControlNet 0 region': 'd',
      'ControlNet 0 mask': 'f',
      'ControlNet 0 pictures': 'g',
    };
    const foreign = { 'ControlNet 0 Model': 'canny', 'ControlNet 0 Weight': '1' };
    expect(withoutControl({ ...own, 'ControlNet 1 pose': 'e', ...foreign })).toEqual(foreign);
  });
});
