/** Nodes of values and sizes against Python's own strings, patterns and the formulas of their packs (fixtures/values.json). */
import { describe, expect, it } from 'vitest';
import { compile, settingsOf, SIZED, sound, type Nodes } from '../testing/compiled';
import { PARTS, promptFrom, SAMPLER } from '../testing/prompts';
import fixture from './fixtures/values.json';
import { GraphWalk } from './graph-walk';
import { reachesTooFar } from './runners/regex';
import { RUNNERS } from './table';

const { values, sizes } = fixture as unknown as {
  values: { type: string; inputs: Record<string, string | number | boolean>; output: string | number | boolean }[];
  sizes: {
    type: string;
    inputs: Record<string, string | number>;
    from: [number, number];
    steps: (string | number)[][];
  }[];
};

const valueFrom = (nodes: Nodes): unknown => new GraphWalk(promptFrom(nodes), SIZED, RUNNERS).values('20')[0];

describe('values', () => {
  it.each(values)('are Python’s: $type $inputs', ({ type, inputs, output }) => {
    expect(valueFrom({ '20': [type, inputs] })).toEqual({ type: 'literal', value: output });
  });

  it('refuse patterns that could take for ever, and what is none', () => {
    expect(['(a+)+b', '(a|aa)*', '((x*)y)+', '.*.*.*.*='].map((one) => reachesTooFar(one, 300))).toEqual([
      ...[true, true, true, true],
    ]);
    expect(['a+b', '(red|blue) \\w+', '[*+]{2}', '(?:a{2}){3}'].map((one) => reachesTooFar(one, 300))).toEqual([
      ...[false, false, false, false],
    ]);
    const stopped = (regex_pattern: string): string[] =>
      compile({
        '20': ['RegexReplace', { string: 'a cat', regex_pattern, replace: '' }],
        '6': ['CLIPTextEncode', { text: ['20', 0], clip: ['4', 1] }],
      }).problems.map(({ message }) => message);
    expect(stopped('(')).toEqual(['"Regex Replace" (node 20): "(" is no pattern that is read here.']);
    expect(stopped('(a+)+').join()).toContain('could take for ever');
  });

  it('are chosen by switches', () => {
    const texts: Nodes = {
      '30': ['PrimitiveString', { value: 'a cat' }],
      '31': ['PrimitiveString', { value: 'a dog' }],
    };
    const both: Record<string, [string, number]> = { a: ['30', 0], b: ['31', 0] };
    const chosen = (node: Nodes[string]): unknown => valueFrom({ ...texts, '20': node });
    expect(chosen(['ImpactSwitch', { select: 2, input1: both.a, input2: both.b }])).toMatchObject({ value: 'a dog' });
    expect(chosen(['CR Text Input Switch', { Input: 1, text1: both.a, text2: both.b }])).toMatchObject({
      value: 'a cat',
    });
    expect(chosen(['ComfySoftSwitchNode', { switch: true, on_false: both.a }])).toMatchObject({ value: 'a cat' });
    expect(chosen(['easy ifElse', { boolean: false, on_true: both.a, on_false: both.b }])).toMatchObject({
      value: 'a dog',
    });
    const compared: Nodes = { '32': ['ImpactCompare', { cmp: 'a <> b', ...both }] };
    const branch = { cond: ['32', 0] as [string, number], tt_value: both.a, ff_value: both.b };
    expect(valueFrom({ ...texts, ...compared, '20': ['ImpactConditionalBranch', branch] })).toMatchObject({
      value: 'a cat',
    });
  });
});

describe('sizes', () => {
  it.each(sizes)('are worked out as the pack does: $type $from $inputs', ({ type, inputs, from, steps }) => {
    const changes: Nodes = {
      '19': ['LoadImage', { image: 'a.png' }],
      '20': [type, { image: ['19', 0], ...inputs }],
      '9': ['PreviewImage', { images: ['20', 0] }],
    };
    const [width, height] = from;
    const { problems, workflow } = compile(changes, {
      find: (_, name) => name,
      sizeOf: () => ({ width, height }),
    });
    expect(problems).toEqual([]);
    const nodes = workflow?.nodes ?? [];
    const made = nodes.flatMap(({ operation, settings: { width: w, height: h, x = 0, y = 0 } }) => {
      if (operation === 'scale_image') return [['scale', w, h]];
      if (operation === 'crop_image') return [['cut', x, y, w, h]];
      const ground = nodes.find((one) => one.operation === 'empty_image')?.settings;
      return operation === 'compose_image' ? [['lay', x, y, ground?.['width'], ground?.['height']]] : [];
    });
    expect(made).toEqual(steps);
  });

  it('are those of another picture, or divisible', () => {
    const by = (more: Nodes[string][1]) =>
      settingsOf(
        {
          '19': ['LoadImage', { image: 'a.png' }],
          '20': ['ImageResizeKJ', { image: ['19', 0], width: 501, height: 0, upscale_method: 'area', ...more }],
          '9': ['PreviewImage', { images: ['20', 0] }],
        },
        'scale_image',
      );
    expect(by({ keep_proportion: true, divisible_by: 8 })).toMatchObject([{ width: 496, height: 312 }]);
    expect(by({ keep_proportion: false, divisible_by: 2 })).toMatchObject([{ width: 500, height: 400 }]);
    expect(by({ keep_proportion: true, divisible_by: 2, get_image_size: ['19', 0] })).toMatchObject([
      { width: 640, height: 400 },
    ]);
  });
});

describe('stacks of LoRAs', () => {
  const loras = (nodes: Nodes, from: string) =>
    sound({
      ...nodes,
      '3': ['KSampler', { ...SAMPLER, ...PARTS, model: [from, 0] }],
      '6': ['CLIPTextEncode', { text: 'a cat', clip: [from, 1] }],
    })
      .filter(({ operation }) => operation === 'add_adapter')
      .map(({ settings: { adapter, denoiser, text } }) => [adapter, denoiser, text]);

  it('are put on in the order of the pack', () => {
    const three: Nodes[string] = [
      'CR LoRA Stack',
      {
        ...{ switch_1: 'On', lora_name_1: 'a', model_weight_1: 0.5, clip_weight_1: 0.4 },
        ...{ switch_2: 'Off', lora_name_2: 'b', switch_3: 'On', lora_name_3: 'None' },
      },
    ];
    const many = { lora_count: 2, lora_name_1: 'c', lora_wt_1: 0.9, lora_name_2: 'None', model_str_1: 0.1 };
    const nodes: Nodes = {
      '20': three,
      '21': ['LoRA Stacker', { input_mode: 'simple', ...many, lora_stack: ['20', 0] }],
      '22': ['CR Apply LoRA Stack', { model: ['4', 0], clip: ['4', 1], lora_stack: ['21', 0] }],
    };
    expect(loras(nodes, '22')).toEqual([
      ['c', 0.9, 0.9],
      ['a', 0.5, 0.4],
    ]);
    const four = { lora_01: 'a', strength_01: 0.3, lora_02: 'b', strength_02: 0, lora_03: 'None' };
    expect(
      loras({ '20': ['Lora Loader Stack (rgthree)', { model: ['4', 0], clip: ['4', 1], ...four }] }, '20'),
    ).toEqual([['a', 0.3, 0.3]]);
  });
});
