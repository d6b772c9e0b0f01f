/** Which of a node's outputs is meant: core nodes and those of well-known packs. */
import { describe, expect, it } from 'vitest';
import { OUTPUTS } from './outputs';
import { node, notesOf, PLAIN, read, SAID, sampler, type Nodes } from './testing/graphs';

const split = (type: string, inputs: object = {}, slots: readonly [number, number] = [0, 1]): Nodes => ({
  '5': sampler({ positive: ['8', slots[0]], negative: ['8', slots[1]] }),
  '8': node(type, { positive: ['2', 0], negative: ['3', 0], ...inputs }),
});

describe('outputs of nodes that take both prompts', () => {
  it.each<[string, Nodes]>([
    [
      'InpaintModelConditioning',
      {
        ...split('InpaintModelConditioning', { pixels: ['9', 0], mask: ['9', 1] }),
        '9': node('LoadImage', { image: 'a.png' }),
      },
    ],
    ['ControlNetApplyAdvanced', split('ControlNetApplyAdvanced', { strength: 0.8 })],
    ['ControlNetApplySD3', split('ControlNetApplySD3', { strength: 0.8 })],
    ['ACN_AdvancedControlNetApply', split('ACN_AdvancedControlNetApply', { strength: 0.8 })],
    [
      'CR Apply Multi-ControlNet',
      {
        '5': sampler({ positive: ['8', 0], negative: ['8', 1] }),
        '8': node('CR Apply Multi-ControlNet', { base_positive: ['2', 0], base_negative: ['3', 0], switch: 'On' }),
      },
    ],
    [
      'FromBasicPipe',
      {
        '5': sampler({ model: ['9', 0], positive: ['9', 3], negative: ['9', 4] }),
        '8': node('ToBasicPipe', {
          model: ['1', 0],
          clip: ['1', 1],
          vae: ['1', 2],
          positive: ['2', 0],
          negative: ['3', 0],
        }),
        '9': node('FromBasicPipe', { basic_pipe: ['8', 0] }),
      },
    ],
    [
      'Context (rgthree)',
      {
        '5': sampler({ model: ['8', 1], positive: ['8', 4], negative: ['8', 5], latent_image: ['8', 6] }),
        '8': node('Context (rgthree)', { model: ['1', 0], positive: ['2', 0], negative: ['3', 0], latent: ['4', 0] }),
      },
    ],
    ['a node that nobody knows', split('Foo Both Conditions')],
    [
      'a node that nobody knows, turned about in order',
      {
        '5': sampler({ positive: ['8', 0], negative: ['8', 1] }),
        '8': node('Foo', { cond_a: ['2', 0], cond_b: ['3', 0] }),
      },
    ],
    [
      'KSampler Config (rgthree)',
      {
        '5': sampler({ steps: ['8', 0], cfg: ['8', 2], sampler_name: ['8', 3], scheduler: ['8', 4] }),
        '8': node('KSampler Config (rgthree)', {
          steps_total: 18,
          refiner_step: 9,
          cfg: 5.5,
          sampler_name: 'dpmpp_2m',
          scheduler: 'karras',
        }),
      },
    ],
    [
      'settings that nobody knows',
      {
        '5': sampler({ seed: ['8', 0], steps: ['8', 1], cfg: ['8', 2], sampler_name: ['8', 3], scheduler: ['8', 4] }),
        '8': node('Foo Settings', {
          seed: 77,
          steps: 18,
          cfg: 5.5,
          sampler_name: 'dpmpp_2m',
          scheduler: 'karras',
          denoise: 0.4,
        }),
      },
    ],
    [
      'a size that nobody knows',
      {
        '4': node('EmptyLatentImage', { width: ['8', 0], height: ['8', 1], batch_size: 1 }),
        '8': node('Foo Size', { width: 576, height: 704 }),
      },
    ],
    [
      'SDXLPromptStyler',
      {
        '2': node('CLIPTextEncode', { text: ['8', 0], clip: ['1', 1] }),
        '3': node('CLIPTextEncode', { text: ['8', 1], clip: ['1', 1] }),
        '8': node('SDXLPromptStyler', { text_positive: 'a stone bridge', text_negative: 'mist', style: 'base' }),
      },
    ],
    [
      'a styler that nobody knows',
      {
        '2': node('CLIPTextEncode', { text: ['8', 0], clip: ['1', 1] }),
        '3': node('CLIPTextEncode', { text: ['8', 1], clip: ['1', 1] }),
        '8': node('Foo Styler', { positive_prompt: 'a stone bridge', negative_prompt: 'mist' }),
      },
    ],
  ])('%s', (_, nodes) => {
    const found = read(nodes);
    const { width, height, ...rest } = SAID;
    expect(found.recipe).toMatchObject(nodes['9']?.class_type === 'LoadImage' ? rest : { ...rest, width, height });
  });

  it('never gives one text for two links by accident', () => {
    const found = read({
      '5': sampler({ positive: ['8', 0], negative: ['8', 1] }),
      '8': node('Foo', { conditioning: ['2', 0] }),
    });
    expect([found.recipe.prompt, found.recipe.negativePrompt]).not.toEqual(['a stone bridge', 'a stone bridge']);
    expect(notesOf(found)).toMatch(/Foo/);
  });

  it('takes prompts that are joined crosswise crosswise', () => {
    expect(read(split('ControlNetApplyAdvanced', {}, [1, 0])).recipe).toMatchObject({
      prompt: 'mist',
      negativePrompt: 'a stone bridge',
    });
    expect(read(split('Foo', {}, [1, 0])).recipe).toMatchObject({ prompt: 'mist', negativePrompt: 'a stone bridge' });
  });

  it('takes sides that override a size by its name, and none that a sampler enlarges to', () => {
    const picker = { resolution: '832x1216 (0.68)', batch_size: 1, width_override: 0, height_override: 704 };
    const { recipe } = read({ '4': node('SDXLEmptyLatentSizePicker+', picker) });
    expect(recipe).toMatchObject({ width: 832, height: 704 });
    const loader = { ckpt_name: 'orchard.safetensors', positive: 'a stone bridge', negative: 'mist' };
    const piped = read({
      '1': node('ttN pipeLoader_v2', { ...loader, empty_latent_width: 576, empty_latent_height: 704, seed: 77 }),
      '5': node('ttN pipeKSampler_v2', {
        ...PLAIN['5'].inputs,
        ...{ upscale_method: 'None', rescale: 'by percentage', percent: 50, width: 1024, height: 1024 },
        ...{ model: undefined, positive: undefined, negative: undefined, latent_image: undefined, pipe: ['1', 0] },
      }),
      '7': node('SaveImage', { filename_prefix: 'x', images: ['5', 7] }),
    });
    expect(piped.recipe).toMatchObject({ width: 576, height: 704 });
  });

  it('says which value it leaves out', () => {
    const found = read({ '5': sampler({ cfg: ['8', 1] }), '8': node('Foo', { a: 1, b: 2 }) });
    expect(found.recipe.cfgScale).toBeUndefined();
    expect(notesOf(found)).toMatch(/"cfg" hangs on the node "Foo"/);
  });

  it('names outputs that exist', () => {
    for (const [type, outputs] of Object.entries(OUTPUTS)) expect(outputs.length, type).toBeGreaterThan(0);
  });
});
