import { describe, expect, it } from 'vitest';
import { parseInfotext, writeInfotext } from '../infotext';
import { withoutControl } from './extras';
import { readControl, withControl } from './infotext';

const START = 'a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, ';
const read = (pairs: string) => readControl(parseInfotext(START + pairs).recipe);

/** Pairs as published texts of 2023 have them. */
describe('units whose fields have keys of their own', () => {
  it('are read with their numbers', () => {
    const { units, notes } = read(
      'ControlNet-0 Enabled: True, ControlNet-0 Module: canny, ControlNet-0 Model: control_canny-fp16 [e3fe7712], ControlNet-0 Weight: 0.55, ControlNet-0 Guidance Start: 0, ControlNet-0 Guidance End: 1, ControlNet-1 Enabled: True, ControlNet-1 Module: depth, ControlNet-1 Model: control_depth-fp16 [400750f6], ControlNet-1 Weight: 1, ControlNet-1 Guidance Start: 0.2, ControlNet-1 Guidance End: 0.8',
    );
    expect(notes).toEqual([]);
    expect(units).toEqual([
      { model: 'control_canny-fp16', modelHash: 'e3fe7712', module: 'canny', weight: 0.55, start: 0, end: 1 },
      { model: 'control_depth-fp16', modelHash: '400750f6', module: 'depth', weight: 1, start: 0.2, end: 0.8 },
    ]);
  });

  it('are read without a number, in whatever order the keys are', () => {
    const { units } = read(
      'ControlNet Model: control_sd15_openpose [fef5e48e], ControlNet Module: openpose, ControlNet Weight: 1, ControlNet Enabled: True, ControlNet Guidance Strength: 0.6',
    );
    expect(units).toEqual([
      { model: 'control_sd15_openpose', modelHash: 'fef5e48e', module: 'openpose', weight: 1, end: 0.6 },
    ]);
  });

  it('are read in the words of 1.1', () => {
    const { units } = read(
      'ControlNet Enabled: True, ControlNet Preprocessor: depth_midas, ControlNet Model: controlnetPreTrained_depthV10 [400750f6], ControlNet Weight: 0.8, ControlNet Starting Step: 0.1, ControlNet Ending Step: 1, ControlNet Resize Mode: Resize and Fill, ControlNet Pixel Perfect: False, ControlNet Control Mode: My prompt is more important, ControlNet Preprocessor Parameters: "(512, 64, 65)"',
    );
    expect(units).toEqual([
      {
        ...{ model: 'controlnetPreTrained_depthV10', modelHash: '400750f6', module: 'depth_midas', weight: 0.8 },
        ...{ start: 0.1, end: 1, resizeMode: 'resize_and_fill', pixelPerfect: false, mode: 'prompt' },
        ...{ resolution: 512, thresholdA: 64, thresholdB: 65 },
      },
    ]);
  });

  it('are left out where they were switched off', () => {
    expect(read('ControlNet-0 Enabled: False, ControlNet-0 Module: canny, ControlNet-0 Model: x').units).toEqual([]);
  });

  it('are told anew in today’s words, and once', () => {
    const { recipe } = parseInfotext(
      `${START}ControlNet-0 Enabled: True, ControlNet-0 Module: canny, ControlNet-0 Model: x`,
    );
    const rest = withoutControl(recipe.unknown ?? {});
    expect(rest).toEqual({});
    const text = writeInfotext(withControl({ ...recipe, unknown: rest }, readControl(recipe).units));
    expect(text).toContain('ControlNet 0: "Module: canny, Model: x, Weight: 1.0');
    expect(text).not.toContain('ControlNet-0');
  });
});

it('one unit in quotes has no number', () => {
  const { units } = read(
    'ControlNet: "preprocessor: canny, model: x [d14c016b], weight: 1, starting/ending: (0, 0.5)"',
  );
  expect(units).toEqual([{ model: 'x', modelHash: 'd14c016b', module: 'canny', weight: 1, start: 0, end: 0.5 }]);
  expect(read('ControlNet: yes')).toEqual({ units: [], notes: [] });
});

it('names of Python’s enumerations are read', () => {
  const { units } = read(
    'ControlNet 0: "Module: canny, Model: x, Weight: 1, Resize Mode: ResizeMode.OUTER_FIT, Control Mode: ControlMode.PROMPT, Hr Option: HiResFixOption.LOW_RES_ONLY"',
  );
  expect(units[0]).toMatchObject({ resizeMode: 'resize_and_fill', mode: 'prompt', hires: 'low' });
});

it('a unit without a model names what comes nearest to what it did by itself', () => {
  const { units, notes } = read('ControlNet 0: "Module: reference_only, Model: None, Weight: 1"');
  expect(units).toEqual([]);
  expect(notes[0].message).toMatch(
    /names no model, and is left out. “reference_only” does not run here; nearest is “ip-adapter-auto”/,
  );
});

describe('units of SD.Next', () => {
  it('are read from its lists, by diffusers’ rule', () => {
    const { units } = read(
      'App: SD.Next, Control process: Canny;LineArt Anime, Control type: ControlNet, Control model: Canny;my-net, Control conditioning: 1.0;0.5, Control start: 0.0;0.1, Control end: 1.0;0.9',
    );
    expect(units).toEqual([
      { model: 'control_v11p_sd15_canny', module: 'canny', weight: 1, start: 0, end: 1, range: 'diffusers' },
      { model: 'my-net', module: 'lineart_anime', weight: 0.5, start: 0.1, end: 0.9, range: 'diffusers' },
    ]);
  });

  it('read pictures', () => {
    const { units } = read('Control type: T2I-Adapter, Control model: sketch, IP Adapter: "Plus:0.5:0.0:0.8:False"');
    expect(units).toEqual([
      { model: 'sketch', range: 'diffusers' },
      { model: 'Plus', module: 'ip-adapter-auto', weight: 0.5, start: 0, end: 0.8, range: 'diffusers' },
    ]);
  });

  it('are none where something else controls', () => {
    expect(read('Control type: Reference, Control model: x').units).toEqual([]);
  });
});
