/** What is compiled of a prompt, and the sentence for what is not. */
import { describe, expect, it } from 'vitest';
import { validatePrompt } from '../check';
import { NODES } from '../nodes';
import { PARTS, promptFrom, SAMPLER, TEXT_TO_PICTURE } from '../testing/prompts';
import { compilePrompt, type CompiledPrompt, type Inventory } from '.';
import { RUNNERS } from './table';

type Nodes = Parameters<typeof promptFrom>[0];

function compile(changes: Nodes = {}, inventory?: Inventory): CompiledPrompt {
  const prompt = promptFrom({ ...TEXT_TO_PICTURE, ...changes });
  return compilePrompt(prompt, validatePrompt(prompt).outputs, inventory);
}

const sentences = (changes: Nodes, inventory?: Inventory): string[] =>
  compile(changes, inventory).problems.map(({ message }) => message);
const find = (changes: Nodes, operation: string) =>
  compile(changes).workflow?.nodes.filter((node) => node.operation === operation) ?? [];

describe('the table', () => {
  it('has each operation that NODES names, and no other', () => {
    const named = new Set(Object.values(NODES).flatMap(({ operation }) => operation ?? []));
    expect([...named].sort()).toEqual(Object.keys(RUNNERS).sort());
  });
});

describe('compilePrompt', () => {
  it('writes operations down in the order in which they run', () => {
    const { workflow, pictures, problems } = compile();
    expect(problems).toEqual([]);
    expect(workflow?.nodes.map(({ id, operation }) => [id, operation])).toEqual([
      ['4', 'load_model'],
      ['5', 'empty_latent'],
      ['6 positive', 'encode_text'],
      ['7 negative', 'encode_text'],
      ['3', 'sample'],
      ['8', 'decode_latent'],
      ['9', 'keep'],
    ]);
    expect(pictures).toEqual([{ node: '9', isSaved: true, prefix: 'ComfyUI' }]);
  });

  it('puts LoRAs on the model, each part by its strength, as often as they are different', () => {
    const lora = { lora_name: 'ink', strength_model: 0.8, strength_clip: 0.5 };
    const added = find(
      {
        '10': ['LoraLoader', { ...lora, model: ['4', 0], clip: ['4', 1] }],
        '11': ['LoraLoaderModelOnly', { lora_name: 'fast', strength_model: 1, model: ['10', 0] }],
        '12': ['LoraLoader', { ...lora, model: ['11', 0], clip: ['10', 1] }],
        '13': ['LoraLoader', { ...lora, strength_model: 0, strength_clip: 0, model: ['12', 0], clip: ['12', 1] }],
        '3': ['KSampler', { ...SAMPLER, ...PARTS, model: ['13', 0] }],
        '6': ['CLIPTextEncode', { text: 'a red apple', clip: ['13', 1] }],
      },
      'add_adapter',
    );
    expect(added.map(({ id, settings, inputs: { model } }) => [id, model.node, settings])).toEqual([
      ['10', '4', { adapter: 'ink', denoiser: 0.8, text: 0.5 }],
      ['11', '10', { adapter: 'fast', text: 0 }],
      ['12 of the denoiser', '11', { adapter: 'ink', denoiser: 0.8, text: 0 }],
      ['12 of the text', '10', { adapter: 'ink', denoiser: 0, text: 0.5 }],
    ]);
  });

  it('skips layers, and takes an autoencoder of its own', () => {
    const changes: Nodes = {
      '10': ['CLIPSetLastLayer', { clip: ['4', 1], stop_at_clip_layer: -2 }],
      '6': ['CLIPTextEncode', { text: 'a red apple', clip: ['10', 0] }],
      '11': ['VAELoader', { vae_name: 'clear' }],
      '8': ['VAEDecode', { samples: ['3', 0], vae: ['11', 0] }],
    };
    expect(find(changes, 'encode_text').map(({ settings }) => settings['clipSkip'])).toEqual([2, undefined]);
    expect(find(changes, 'use_vae')).toMatchObject([
      { settings: { autoencoder: 'clear' }, inputs: { model: { node: '4' } } },
    ]);
    expect(find(changes, 'decode_latent')[0]?.inputs['model']?.node).toBe('8 autoencoder');
  });

  it('works values out: numbers, texts and switches', () => {
    const changes: Nodes = {
      '10': ['PrimitiveInt', { value: 9_007_199_254_740_993n }],
      '11': ['StringConcatenate', { string_a: 'a red', string_b: ['12', 0], delimiter: ' ' }],
      '12': ['ComfySwitchNode', { switch: ['13', 0], on_true: ['14', 0], on_false: ['15', 0] }],
      '13': ['PrimitiveBoolean', { value: true }],
      '14': ['StringTrim', { string: ' pear ', mode: 'Both' }],
      '15': ['StringReplace', { string: 'x', find: 'x', replace: 'y' }],
      '3': ['KSampler', { ...SAMPLER, ...PARTS, seed: ['10', 0] }],
      '6': ['CLIPTextEncode', { text: ['11', 0], clip: ['4', 1] }],
    };
    expect(find(changes, 'sample')[0]?.settings['seed']).toBe('9007199254740993');
    expect(find(changes, 'encode_text')[0]?.settings['text']).toBe('a red pear');
  });

  const control = { control_net: ['20', 0], image: ['21', 0], strength: 0.7, start_percent: 0.1, end_percent: 0.9 };
  const CONTROLLED: Nodes = {
    '20': ['ControlNetLoader', { control_net_name: 'lines' }],
    '21': ['LoadImage', { image: 'hint.png' }],
    '22': ['ControlNetApplyAdvanced', { ...control, positive: ['6', 0], negative: ['7', 0] }],
  };

  it('controls both sides, with a hint as large as the latent', () => {
    const sides = { ...SAMPLER, ...PARTS, positive: ['22', 0], negative: ['22', 1] };
    const changes: Nodes = { ...CONTROLLED, '3': ['KSampler', sides] };
    expect(find(changes, 'apply_control')).toMatchObject([
      { settings: { control: 'lines', weight: 0.7, start: 0.1, end: 0.9, range: 'comfyui' } },
    ]);
    expect(find(changes, 'fit_to_latent')[0]?.inputs).toMatchObject({ image: { node: '21' }, latent: { node: '5' } });
    const one: Nodes = { ...CONTROLLED, '3': ['KSampler', { ...sides, negative: ['7', 0] }] };
    expect(sentences(one)).toEqual([
      '"KSampler" (node 3): only one of its two sides is under control, or by others than the other: both must be.',
    ]);
  });

  it('says which node stops an output, and runs the others', () => {
    const { problems, pictures, workflow } = compile({
      '10': ['TomePatchModel', { model: ['4', 0], ratio: 0.3 }],
      '11': ['KSampler', { ...SAMPLER, ...PARTS, model: ['10', 0] }],
      '12': ['VAEDecode', { samples: ['11', 0], vae: ['4', 2] }],
      '13': ['PreviewImage', { images: ['12', 0] }],
    });
    expect(problems).toEqual([
      {
        node: '10',
        message:
          '"TomePatchModel" (node 10): it changes what is inside of the denoiser, which is built as it is; bypass it to run the graph without.',
      },
    ]);
    expect(pictures.map(({ node }) => node)).toEqual(['9']);
    expect(workflow?.nodes).toHaveLength(7);
  });

  it.each<[Nodes, string]>([
    [
      { '5': ['EmptyLatentImage', { width: 128, height: 128, batch_size: 65 }] },
      '"Empty Latent Image" (node 5): it makes 65 pictures at once; 64 are the most here.',
    ],
    [
      {
        '10': ['ModelSamplingDiscrete', { model: ['4', 0], sampling: 'img_to_img', zsnr: false }],
        '3': ['KSampler', { ...SAMPLER, ...PARTS, model: ['10', 0] }],
      },
      '"ModelSamplingDiscrete" (node 10): the sampling img_to_img does not run here.',
    ],
    [
      {
        '10': ['PrimitiveString', { value: 'res_2s' }],
        '11': ['Any Switch (rgthree)', { any_1: ['10', 0] }],
        '3': ['KSampler', { ...SAMPLER, ...PARTS, sampler_name: ['11', 0] }],
      },
      '"KSampler" (node 3): the sampler res_2s does not run here.',
    ],
    [
      { '3': ['KSampler', { ...SAMPLER, ...PARTS, steps: ['10', 0] }], '10': ['PrimitiveInt', { value: 0 }] },
      '"KSampler" (node 3): steps is 0; it must be 1 to 10000.',
    ],
  ])('refuses in a sentence: %#', (changes, sentence) => {
    expect(sentences(changes)).toEqual([sentence]);
  });

  it('names the file that is not here', () => {
    expect(sentences({}, { find: () => undefined })).toEqual([
      '"Load Checkpoint" (node 4): starter (checkpoints) is not here.',
    ]);
  });

  it('ends in a sentence for chains without end', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [
        `s${i}`,
        ['StringTrim', { string: i === 0 ? 'a' : [`s${i - 1}`, 0], mode: 'Both' }] as const,
      ]),
    );
    const [first] = sentences({ ...chain, '6': ['CLIPTextEncode', { text: ['s19999', 0], clip: ['4', 1] }] });
    expect(first).toMatch(/more than 400 nodes follow each other/);
  });
});
