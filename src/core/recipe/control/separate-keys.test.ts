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
      { model: 'ip-adapter-plus_sd15', module: 'ip-adapter-auto', weight: 0.5, start: 0, end: 0.8, range: 'diffusers' },
    ]);
  });

  it('have names of adapters’ own', () => {
    const { units } = read('Control type: T2I-Adapter, Control model: OpenPose;Segment, Control conditioning: 1.0;0.5');
    expect(units.map(({ model, weight }) => [model, weight])).toEqual([
      ['t2iadapter_openpose_sd14v1', 1],
      ['t2iadapter_seg_sd14v1', 0.5],
    ]);
    expect(read('IP Adapter: "Base:1.0:0.0:1.0:False"').units[0].model).toBe('ip-adapter_sd15');
  });

  it('have no preprocessor where it is not said whose it is', () => {
    const { units, notes } = read('Control process: Canny, Control type: ControlNet, Control model: Tile;Canny');
    expect(units).toEqual([
      { model: 'control_v11f1e_sd15_tile', range: 'diffusers' },
      { model: 'control_v11p_sd15_canny', range: 'diffusers' },
    ]);
    expect(notes.map(({ message }) => message)).toEqual([
      'SD.Next does not say which of its units the preprocessors "Canny" are for: choose them in their units.',
    ]);
  });

  it('have no weight where SD.Next wrote none', () => {
    const { units, notes } = read('IP Adapter: "Plus:0.0:0.2:0.8:False"');
    expect(units[0]).toMatchObject({ start: 0.2, end: 0.8 });
    expect(units[0].weight).toBeUndefined();
    expect(notes[0].message).toMatch(/does not say the weight of "Plus", which starts later: 1 is taken/);
    expect(read('IP Adapter: "Plus:0.0:0.0:0.8:False"')).toMatchObject({ units: [{ weight: 0 }], notes: [] });
  });

  it('have names of SDXL’s networks', () => {
    const { units } = read('Control type: ControlNet, Control model: Canny Mid XL;Xinsir ProMax XL;NoobAI Depth XL');
    expect(units.map(({ model }) => model)).toEqual([
      'controlnet-canny-sdxl-1.0-mid',
      'controlnet-union-sdxl-1.0-promax',
      'noob-sdxl-controlnet-depth',
    ]);
  });

  it('say that pictures were cut to their faces', () => {
    const { units, notes } = read('IP Adapter: "Plus Face:0.6:0.0:1.0:True;Base:1.0:0.0:1.0:False"');
    expect(units).toHaveLength(2);
    expect(notes).toEqual([
      {
        key: 'IP Adapter',
        message: 'SD.Next cut "Plus Face"’s picture to its face first: give the unit a picture of the face.',
      },
    ]);
  });

  it.each(['ControlNet-XS', 'ControlLLLite', 'Reference'])('are none where %s controls, which is named', (type) => {
    const { units, notes } = read(`Control type: ${type}, Control model: Canny`);
    expect(units).toEqual([]);
    expect(notes).toEqual([{ key: 'Control type', message: `${type} of SD.Next does not run here, and is left out.` }]);
  });
});

describe('withoutControl', () => {
  const left = (pairs: string) => Object.keys(withoutControl(parseInfotext(START + pairs).recipe.unknown ?? {}));

  it.each([
    ['ControlNet: on', ['ControlNet']],
    ['ControlNet: "Module: canny"', ['ControlNet']],
    ['IP Adapter: Plus', ['IP Adapter']],
    ['Control type: Reference', ['Control type']],
    ['Control type: ControlLLLite, Control model: x', ['Control type', 'Control model']],
    ['ControlNet-0 Enabled: False, ControlNet-0 Model: x', ['ControlNet-0 Enabled', 'ControlNet-0 Model']],
    [
      'Control type: ControlNet-XS, Control model: x, IP Adapter: "Plus:1:0:1:False"',
      ['Control type', 'Control model'],
    ],
  ])('keeps what no unit came of: %s', (pairs, expected) => {
    expect(left(pairs)).toEqual(expected);
  });

  it.each([
    'ControlNet: "Module: canny, Model: x"',
    'IP Adapter: "Plus:1.0:0.0:1.0:False"',
    'Control type: ControlNet, Control model: x, Control conditioning: 1.0, Control process: Canny',
    'ControlNet Module: canny, ControlNet Model: x',
  ])('drops what was read: %s', (pairs) => {
    expect(left(pairs)).toEqual([]);
  });
});

it.each([
  ['3.0', 2],
  ['-1', 0],
])('a weight of %s is named, and %d taken', (text, weight) => {
  const { units, notes } = read(`ControlNet 0: "Module: canny, Model: x, Weight: ${text}"`);
  expect(units).toMatchObject([{ model: 'x', weight }]);
  expect(notes).toEqual([
    {
      key: 'ControlNet 0',
      message: `ControlNet 0 has the weight ${Number(text)}; here it is from 0 to 2, and ${weight} is taken.`,
    },
  ]);
});

describe('words that every object has', () => {
  it.each([
    'Control type: ControlNet, Control model: constructor',
    'Control type: constructor, Control model: __proto__',
    'IP Adapter: "constructor:1"',
    'ControlNet-0 Constructor: 2, ControlNet-0 Model: a',
    'ControlNet 0: "Model: a, Resize Mode: constructor, Control Mode: toString, constructor: 1"',
  ])('are none of the tables: %s', (pairs) => {
    for (const unit of read(pairs).units)
      for (const value of Object.values(unit)) expect(typeof value).not.toBe('function');
  });

  it('are read in time, also among 60,000 commas', () => {
    const start = performance.now();
    expect(read(`ControlNet 0: "Model: a, Module: f(1, 2)${','.repeat(60_000)}, Weight: 0.5"`).units).toMatchObject([
      { model: 'a', module: 'f(1, 2)', weight: 0.5 },
    ]);
    expect(performance.now() - start).toBeLessThan(4000);
  });
});
