/** Nodes of packs that people use today: what was lost or taken for something else before. */
import { describe, expect, it } from 'vitest';
import { node, notesOf, PLAIN, read, SAID, sampler, type Inputs, type Nodes } from './testing/graphs';

const textOf = (type: string, inputs: Inputs, slot = 0): Nodes => ({
  '2': node('CLIPTextEncode', { text: ['8', slot], clip: ['1', 1] }),
  '8': node(type, inputs),
  '9': node('LoadImage', { image: 'x.png' }),
});

describe('texts that are made as the graph runs', () => {
  it.each<[string, Inputs]>([
    ['OllamaGenerate', { prompt: 'describe a bridge', model: 'm' }],
    ['Florence2Run', { image: ['9', 0], text_input: '', task: 'caption' }],
    ['WD14Tagger|pysssss', { image: ['9', 0], tags: 'bridge, stone', threshold: 0.35 }],
    ['Foo Writer', { text: 'write of a bridge', temperature: 0.7, max_tokens: 100 }],
    ['JoyCaption', { image: ['9', 0], prompt: 'Write a caption' }],
  ])('%s is named, and what it was asked is no prompt', (type, inputs) => {
    const found = read(textOf(type, inputs));
    expect(found.recipe.prompt).toBe('');
    expect(notesOf(found)).toContain(`The text of the node "${type}" was made as it ran`);
    expect(found.unsure?.has('prompt')).toBe(true);
  });

  it('is what a node shows of them, with the same note', () => {
    const shown = textOf('ShowText|pysssss', { text: ['10', 0], text_0: 'a stone bridge' });
    const found = read({ ...shown, '10': node('OllamaGenerate', { prompt: 'describe a bridge' }) });
    expect(found.recipe.prompt).toBe('a stone bridge');
    expect(notesOf(found)).toContain('OllamaGenerate');
  });
});

describe('texts that are changed', () => {
  it.each<[string, Inputs, string, number?]>([
    ['CaseConverter', { string: 'A Stone BRIDGE', mode: 'lowercase' }, 'a stone bridge'],
    ['CaseConverter', { string: 'a STONE bridge', mode: 'Title Case' }, 'A Stone Bridge'],
    ['StringSubstring', { string: 'a stone bridge, far', start: 0, end: 14 }, 'a stone bridge'],
    ['Text String', { text: 'no', text_b: 'a stone bridge', text_c: '', text_d: '' }, 'a stone bridge', 1],
  ])('%s %#', (type, inputs, text, slot) => {
    const found = read(textOf(type, inputs, slot));
    expect(found.recipe.prompt).toBe(text);
    expect(found.notes).toEqual([]);
  });

  it.each<[string, Inputs, RegExp]>([
    ['RegexReplace', { string: 'a stone bridge', regex_pattern: 's.*e', replace: 'red' }, /"RegexReplace" is pieced/],
    ['SDXLPromptStyler', { text_positive: 'a stone bridge', text_negative: '', style: 'oil' }, /The style "oil" of/],
  ])('%s has a note', (type, inputs, note) => {
    const found = read(textOf(type, inputs));
    expect(found.recipe.prompt).toBe('a stone bridge');
    expect(notesOf(found)).toMatch(note);
  });

  it('have no note for a style that is none', () => {
    const none = { text_positive: 'a stone bridge', text_negative: '', style: 'base' };
    expect(read(textOf('SDXLPromptStyler', none)).notes).toEqual([]);
  });

  it('are schedules in nodes that read them so', () => {
    const lazy = node('PCLazyTextEncode', { text: 'a [stone:brick:0.5] bridge', clip: ['1', 1] });
    expect(notesOf(read({ '2': lazy }))).toContain('PCLazyTextEncode');
    const plain = node('PCLazyTextEncode', { text: 'a stone bridge', clip: ['1', 1] });
    expect(read({ '2': plain }).notes).toEqual([]);
  });
});

describe('values that are not there', () => {
  it('are named where their node is missing', () => {
    expect(notesOf(read({ '5': sampler({ seed: ['99', 0] }) }))).toMatch(
      /"seed" comes from the node "99", which is not in the graph/,
    );
  });

  it('are the numbers of RES4LYF’s schedule', () => {
    const wanted = { schedule: 'beta_comfy', betaAlpha: 0.5, betaBeta: 0.7 };
    expect(read({ '5': sampler({ scheduler: 'beta57' }) }).recipe).toMatchObject(wanted);
  });

  it('are pictures that an encoder reads', () => {
    const edit = node('TextEncodeQwenImageEdit', { prompt: 'a stone bridge', clip: ['1', 1], image: ['30', 0] });
    const nodes = { '2': edit, '30': node('LoadImage', { image: 'a.png' }) };
    expect(read(nodes).recipe.prompt).toBe('a stone bridge');
    expect(notesOf(read(nodes))).toMatch(/reads a picture beside the text/);
  });

  it('are texts in a list of one', () => {
    const wrapped = node('CLIPTextEncode', { text: { __value__: ['a stone bridge'] }, clip: ['1', 1] });
    expect(read({ '2': wrapped }).recipe.prompt).toBe('a stone bridge');
  });
});

describe('LoRAs', () => {
  const ink = [{ name: 'ink', unet: 0.8, text: 0.5 }];
  const loader = (type: string, inputs: Inputs): Nodes => ({
    '5': sampler({ model: ['8', 0] }),
    '8': node(type, { model: ['1', 0], clip: ['1', 1], ...inputs }),
  });
  it('of LoRA Manager stand in a list of objects', () => {
    const list = [
      { name: 'ink', strength: 0.8, clipStrength: '0.5', active: true },
      { name: 'off', strength: 1, active: false },
    ];
    const found = read(loader('Lora Loader (LoraManager)', { text: '<lora:ink:0.8>', loras: { __value__: list } }));
    expect(found.recipe.loras).toEqual(ink);
  });

  it('of rgthree’s prompts stand in its text, which loses them', () => {
    const power = node('Power Prompt (rgthree)', {
      prompt: 'a stone bridge <lora:ink:0.8:0.5>',
      opt_model: ['1', 0],
      opt_clip: ['1', 1],
      insert_lora: 'CHOOSE',
    });
    const found = read({ '2': power, '5': sampler({ model: ['2', 1] }) });
    expect(found.recipe).toMatchObject({ prompt: 'a stone bridge', loras: ink });
    expect(notesOf(found)).not.toContain('CHOOSE');
  });

  it('of tinyterraNodes’ loader are tags beside the prompts', () => {
    const found = read({
      '5': node('ttN pipeKSampler_v2', { ...PLAIN['5'].inputs, model: undefined, pipe: ['8', 0] }),
      '8': node('ttN pipeLoader_v2', { ckpt_name: 'orchard.safetensors', loras: '<lora:ink:0.8:0.5>', clip_skip: -1 }),
    });
    expect(found.recipe).toMatchObject({ model: 'orchard', loras: ink });
  });
});

describe('sizes with a name', () => {
  it.each<[string, Inputs, number, number]>([
    [
      'CR SDXL Aspect Ratio',
      { width: 512, height: 512, aspect_ratio: '3:4 portrait 896x1152', swap_dimensions: 'Off' },
      896,
      1152,
    ],
    [
      'CR SDXL Aspect Ratio',
      { width: 512, height: 512, aspect_ratio: '3:4 portrait 896x1152', swap_dimensions: 'On' },
      1152,
      896,
    ],
    ['CR SDXL Aspect Ratio', { width: 640, height: 896, aspect_ratio: 'custom', swap_dimensions: 'Off' }, 640, 896],
  ])('%s %#', (type, inputs, width, height) => {
    const latent = node('EmptyLatentImage', { width: ['8', 0], height: ['8', 1], batch_size: 1 });
    expect(read({ '4': latent, '8': node(type, inputs) }).recipe).toMatchObject({ width, height });
  });

  it('count more than the numbers beside, also over a pipe', () => {
    const size = { resolution: '832 x 1216', empty_latent_width: 512, empty_latent_height: 512 };
    const loader = node('easy a1111Loader', {
      ckpt_name: 'orchard.safetensors',
      positive: 'a',
      negative: 'b',
      ...size,
    });
    const inputs = { steps: 18, cfg: 5.5, sampler_name: 'dpmpp_2m', scheduler: 'karras', denoise: 1, seed: 77 };
    const found = read({ '5': node('easy fullkSampler', { ...inputs, pipe: ['8', 0] }), '8': loader });
    expect(found.recipe).toMatchObject({ width: 832, height: 1216 });
  });
});

describe('wrappers', () => {
  it('of a sampler, of sigmas and of a guider are passed, and named', () => {
    const found = read({
      '5': node('SamplerCustomAdvanced', {
        ...{ noise: ['10', 0], guider: ['15', 0], sampler: ['13', 0], sigmas: ['14', 0], latent_image: ['4', 0] },
      }),
      '8': node('BasicScheduler', { scheduler: 'karras', steps: 18, denoise: 1, model: ['1', 0] }),
      '10': node('RandomNoise', { noise_seed: 77 }),
      '11': node('CFGGuider', { cfg: 5.5, model: ['1', 0], positive: ['2', 0], negative: ['3', 0] }),
      '12': node('KSamplerSelect', { sampler_name: 'dpmpp_2m' }),
      '13': node('DetailDaemonSamplerNode', { sampler: ['12', 0], detail_amount: 0.5 }),
      '14': node('MultiplySigmas', { sigmas: ['8', 0], factor: 0.95 }),
      '15': node('Foo Guider', { guider: ['11', 0], amount: 2 }),
    });
    expect(found.recipe).toMatchObject(SAID);
    for (const type of ['DetailDaemonSamplerNode', 'MultiplySigmas', 'Foo Guider'])
      expect(notesOf(found)).toContain(`The node "${type}" is not carried over.`);
  });
});
