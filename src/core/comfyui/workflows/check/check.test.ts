import { describe, expect, it } from 'vitest';
import { analyse, validatePrompt, wantedModels } from '.';
import { openComfyJson, type ApiPrompt } from '../convert';
import type { Json } from '../document';
import { compilePrompt } from '../run';
import { input, node, textToImage, TEXT_TO_IMAGE, workflow } from '../testing/graphs';

/** The plain graph with other inputs of one node. */
const withInputs = (id: string, inputs: Record<string, Json>): ApiPrompt => ({
  ...TEXT_TO_IMAGE,
  [id]: { ...TEXT_TO_IMAGE[id], inputs: { ...TEXT_TO_IMAGE[id].inputs, ...inputs } },
});

const without = (id: string, name: string): ApiPrompt => {
  const inputs = Object.entries(TEXT_TO_IMAGE[id].inputs).filter(([one]) => one !== name);
  return { ...TEXT_TO_IMAGE, [id]: { ...TEXT_TO_IMAGE[id], inputs: Object.fromEntries(inputs) } };
};

const sentences = (prompt: ApiPrompt) =>
  validatePrompt(prompt).problems.map(({ kind, node: id, input: name, message }) => [kind, id, name, message]);

describe('validatePrompt', () => {
  it('names a node that nobody knows at an end, and lets the others run', () => {
    const more = {
      '20': { class_type: 'FancyLatent', inputs: { samples: ['3', 0] } },
      '21': { class_type: 'FancyNote', inputs: { text: 'nothing is joined to it' } },
      '22': { class_type: 'FancyUpscaler', inputs: { image: ['8', 0] } },
      '23': { class_type: 'SaveImage', inputs: { images: ['22', 0], filename_prefix: 'large' } },
    };
    const { problems, outputs } = validatePrompt({ ...TEXT_TO_IMAGE, ...more });
    expect(outputs).toEqual(['9']);
    expect(problems.map(({ kind, node: id, message }) => [kind, id, message])).toEqual([
      ['unknown_node', '22', '"FancyUpscaler": Gesso does not know the node "FancyUpscaler".'],
      [
        'unknown_node',
        '20',
        '"FancyLatent": Gesso does not know the node "FancyLatent", so that nothing comes out of it.',
      ],
    ]);
    expect(analyse(openComfyJson({ ...TEXT_TO_IMAGE, '20': more['20'] } as unknown as Json).document).runs).toBe(false);
  });

  it('keeps the pictures that go into an end that nobody knows, where nothing else saves them', () => {
    const saver = { class_type: 'FancySave', inputs: { images: ['8', 0], filename_prefix: 'pear' } };
    const unsaved = Object.fromEntries(Object.entries(TEXT_TO_IMAGE).filter(([id]) => id !== '9'));
    const prompt = { ...unsaved, '20': saver };
    expect(validatePrompt(prompt)).toEqual({ problems: [], outputs: ['20'] });
    const { pictures, notices, workflow } = compilePrompt(prompt, ['20']);
    expect(pictures).toEqual([{ node: '20', isSaved: true, prefix: 'pear' }]);
    expect(notices).toEqual([
      'Gesso does not know the node "FancySave" (20): the pictures that go into it are kept as they are.',
    ]);
    expect(workflow?.nodes.at(-1)).toMatchObject({ operation: 'keep' });
    expect(analyse(openComfyJson(prompt as unknown as Json).document)).toMatchObject({
      runs: true,
      unknown: [{ type: 'FancySave', nodes: ['20'] }],
    });
    // What is saved already is not kept twice, and what comes out of an unknown node is nobody's picture.
    const beside = validatePrompt({ ...TEXT_TO_IMAGE, '20': saver });
    expect([beside.outputs, beside.problems.map(({ node: id }) => id)]).toEqual([['9'], ['20']]);
    const behind = validatePrompt({
      ...unsaved,
      '21': { class_type: 'FancyUpscaler', inputs: { image: ['8', 0] } },
      '20': { ...saver, inputs: { images: ['21', 0] } },
    });
    expect(behind.outputs).toEqual([]);
  });

  it('lets a right one through', () => {
    expect(validatePrompt(TEXT_TO_IMAGE)).toEqual({ problems: [], outputs: ['9'] });
  });

  it.each<[string, ApiPrompt, (string | undefined)[]]>([
    [
      'no outputs',
      { '4': TEXT_TO_IMAGE['4'] },
      [
        'prompt_no_outputs',
        undefined,
        undefined,
        'Nothing is saved or shown: the workflow needs a node such as "Save Image".',
      ],
    ],
    [
      'nothing joined',
      without('8', 'vae'),
      ['required_input_missing', '8', 'vae', '"VAE Decode", vae: nothing is joined to it; it needs VAE.'],
    ],
    [
      'no value',
      without('3', 'steps'),
      ['required_input_missing', '3', 'steps', '"KSampler", steps: it has no value.'],
    ],
    [
      'a node that is not there',
      withInputs('8', { vae: ['77', 0] }),
      ['bad_linked_input', '8', 'vae', '"VAE Decode", vae: it is joined to a node "77", which is not there.'],
    ],
    [
      'an output that is not there',
      withInputs('8', { vae: ['4', 3] }),
      ['bad_linked_input', '8', 'vae', '"VAE Decode", vae: "Load Checkpoint" has no output 3; it has 3.'],
    ],
    [
      'a list',
      withInputs('8', { vae: [1, 2, 3] }),
      ['bad_linked_input', '8', 'vae', '"VAE Decode", vae: [1,2,3] is no link to a node.'],
    ],
    [
      'another type',
      withInputs('8', { vae: ['4', 1] }),
      ['return_type_mismatch', '8', 'vae', '"VAE Decode", vae: it takes VAE, and "Load Checkpoint" gives CLIP.'],
    ],
    [
      'no number',
      withInputs('3', { steps: 'many' }),
      ['invalid_input_type', '3', 'steps', '"KSampler", steps: "many" is no whole number.'],
    ],
    [
      'too small',
      withInputs('3', { steps: 0 }),
      ['value_smaller_than_min', '3', 'steps', '"KSampler", steps: 0 is less than 1, the least that is allowed.'],
    ],
    [
      'too large',
      withInputs('3', { seed: 2n ** 64n }),
      [
        'value_bigger_than_max',
        '3',
        'seed',
        '"KSampler", seed: 18446744073709551616 is more than 18446744073709551615, the most that is allowed.',
      ],
    ],
    [
      'no option',
      withInputs('3', { scheduler: 'beta57' }),
      [
        'value_not_in_list',
        '3',
        'scheduler',
        '"KSampler", scheduler: "beta57" is none of its options: there are simple, sgm_uniform, karras, exponential, ddim_uniform, beta, normal, linear_quadratic and 1 more.',
      ],
    ],
    [
      'an unknown node',
      { ...TEXT_TO_IMAGE, '8': { class_type: 'Magic', inputs: {}, _meta: { title: 'My magic' } } },
      ['unknown_node', '8', undefined, '"My magic": Gesso does not know the node "Magic".'],
    ],
    [
      'a ring',
      withInputs('5', { width: ['3', 0] }),
      [
        'dependency_cycle',
        '3',
        undefined,
        'These nodes wait for each other in a ring: "KSampler", "Empty Latent Image".',
      ],
    ],
  ])('says %s', (_, prompt, sentence) => {
    expect(sentences(prompt)[0]).toEqual(sentence);
    expect(validatePrompt(prompt).outputs).toEqual([]);
  });

  it('converts numbers in texts, and lets what is undeclared be', () => {
    expect(sentences(withInputs('3', { steps: ' 20 ', cfg: '7.5', denoise: true, mine: 5 }))).toEqual([]);
    expect(sentences(withInputs('3', { steps: 20.7 }))).toEqual([]);
    expect(sentences(withInputs('3', { seed: 2n ** 64n - 1n }))).toEqual([]);
  });

  it('lets unions and "any" be joined', () => {
    const any = { '1': TEXT_TO_IMAGE['4'], '2': { class_type: 'PreviewAny', inputs: { source: ['1', 2] } } };
    expect(validatePrompt(any as ApiPrompt).problems).toEqual([]);
  });

  it('looks for files only in folders that are known', () => {
    const files = { checkpoints: ['pear.safetensors'] };
    const [problem] = validatePrompt(TEXT_TO_IMAGE, { files }).problems;
    expect(problem).toMatchObject({ kind: 'value_not_in_list', node: '4', input: 'ckpt_name' });
    expect(problem.message).toBe(
      '"Load Checkpoint", ckpt_name: "orchard.safetensors" is not in the library: there are pear.safetensors.',
    );
  });

  it('runs the outputs that are right', () => {
    const two: ApiPrompt = { ...TEXT_TO_IMAGE, '20': { class_type: 'PreviewImage', inputs: {} } };
    expect(validatePrompt(two).outputs).toEqual(['9']);
    expect(validatePrompt({ ...TEXT_TO_IMAGE, '20': { class_type: 'Magic', inputs: {} } })).toEqual({
      problems: [],
      outputs: ['9'],
    });
  });
});

describe('wantedModels', () => {
  it('finds files, embeddings in texts and lines of LoRAs, each once', () => {
    const prompt: ApiPrompt = {
      ...withInputs('6', { text: 'a pear, (embedding:good.pt:1.2), embedding:style/ink' }),
      '20': { class_type: 'LoraLoader', inputs: { lora_name: 'x\\ink.safetensors', model: ['4', 0], clip: ['4', 1] } },
      '21': {
        class_type: 'Power Lora Loader (rgthree)',
        inputs: { lora_1: { on: true, lora: 'None' }, lora_2: { lora: 'b.safetensors' } },
      },
      '22': { class_type: 'Mine', inputs: { control_net_name: 'c.pth', size: 5, note: 'a.txt' } },
      '23': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'orchard.safetensors' } },
      '24': { class_type: 'LoadImage', inputs: { image: 'a.safetensors' } },
    };
    expect(
      wantedModels(prompt).map(({ folder, name, places }) => [folder, name, places.map((place) => place.node).join()]),
    ).toEqual([
      ['checkpoints', 'orchard.safetensors', '4,23'],
      ['embeddings', 'good.pt', '6'],
      ['embeddings', 'style/ink', '6'],
      ['loras', 'x\\ink.safetensors', '20'],
      ['loras', 'b.safetensors', '21'],
      ['controlnet', 'c.pth', '22'],
    ]);
  });

  it('says where the workflow has them from', () => {
    const models = [
      { name: 'Orchard.safetensors', url: 'https://example.org/a', hash: 'ab', directory: 'checkpoints' },
      { name: 'other.safetensors', url: 'https://example.org/b' },
    ];
    const json = textToImage({ nodes: [node(30, 'Note', { properties: { models } })] });
    expect(analyse(openComfyJson(json).document).models).toEqual([
      {
        folder: 'checkpoints',
        name: 'orchard.safetensors',
        places: [{ node: '4', input: 'ckpt_name' }],
        url: 'https://example.org/a',
        hash: 'ab',
      },
    ]);
  });
});

describe('analyse', () => {
  it('names unknown nodes with the pack that has them', () => {
    const nodes = [
      node(20, 'FaceDetailer', { properties: {} }),
      node(21, 'FaceDetailer', { properties: {} }),
      node(22, 'Glow', { properties: { cnr_id: 'glow-pack' } }),
      node(23, 'Blur', { properties: { aux_id: 'someone/blur' } }),
      node(24, 'Whatever', { inputs: [input('a', 'X', null)] }),
    ];
    expect(analyse(openComfyJson(workflow(nodes)).document).unknown).toEqual([
      { type: 'FaceDetailer', nodes: ['20', '21'], pack: 'comfyui-impact-pack' },
      { type: 'Glow', nodes: ['22'], pack: 'glow-pack' },
      { type: 'Blur', nodes: ['23'], pack: 'someone/blur' },
      { type: 'Whatever', nodes: ['24'] },
    ]);
  });

  it('says which classes nothing here computes, and then that it does not run', () => {
    const { runs, withoutOperation, problems, nodes } = analyse(openComfyJson(textToImage()).document);
    expect([nodes, problems]).toEqual([7, []]);
    expect(runs).toBe(withoutOperation.length === 0);
  });
});
