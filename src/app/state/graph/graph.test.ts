import { describe, expect, it } from 'vitest';
import { isSameJson, openComfyJson, readJson, type ComfyDocument, type Json } from '../../../core/comfyui/workflows';
import {
  input,
  node,
  output,
  textToImage,
  widgetInput,
  workflow,
} from '../../../core/comfyui/workflows/testing/graphs';
import { fieldsOf, readTyped, withField } from './fields';
import { libraryNames } from './library-names';
import { mayCarryWorkflow } from './may-carry';
import { listOf } from './order';
import { graphFileName, promptText, workflowText } from './save-graph';
import { FIELD, placeAt, ROW, Shaper, socketY, TITLE } from './shape';
import { typeColour } from './type-colours';

const open = (json: Json): ComfyDocument => openComfyJson(json).document;
const shapeOf = (json: Json, path: string[] = []) => {
  const document = open(json);
  return new Shaper().shape(placeAt(document, path) ?? { graph: document.root }, document.subgraphs);
};

/** The instance 1 gives its own strength; what it is joined to comes from outside. */
const INNER = workflow(
  [
    node(1, 'sub', {
      inputs: [input('image', 'IMAGE', null), widgetInput('alpha', 'FLOAT', null)],
      outputs: [output('out', 'IMAGE', [])],
      widgets_values: [0.25],
      properties: { proxyWidgets: [['-1', 'alpha']] },
    }),
  ],
  [],
  {
    definitions: {
      subgraphs: [
        {
          id: 'sub',
          name: 'Sharpen',
          inputs: [
            { id: 'a', name: 'image', type: 'IMAGE' },
            { id: 'b', name: 'alpha', type: 'FLOAT' },
          ],
          outputs: [{ id: 'c', name: 'out', type: 'IMAGE' }],
          nodes: [
            node(2, 'ImageSharpen', {
              inputs: [input('image', 'IMAGE', 1), widgetInput('alpha', 'FLOAT', 2)],
              outputs: [output('IMAGE', 'IMAGE', [3])],
              widgets_values: [1, 1, 0.5],
            }),
          ],
          links: [
            { id: 1, origin_id: -10, origin_slot: 0, target_id: 2, target_slot: 0, type: 'IMAGE' },
            { id: 2, origin_id: -10, origin_slot: 1, target_id: 2, target_slot: 1, type: 'FLOAT' },
            { id: 3, origin_id: 2, origin_slot: 0, target_id: -20, target_slot: 0, type: 'IMAGE' },
          ],
          groups: [],
        },
      ],
    },
  },
);

describe('fieldsOf, withField', () => {
  const sampler = open(textToImage()).root.nodes.find(({ id }) => id === 3);
  if (!sampler) throw new Error('no sampler');

  it('shape the values of a known node by its widgets', () => {
    expect(fieldsOf(sampler).map(({ name, kind, value }) => [name, kind, value])).toEqual([
      ['seed', 'whole', 77],
      ['control_after_generate', 'choice', 'randomize'],
      ['steps', 'whole', 20],
      ['cfg', 'number', 8],
      ['sampler_name', 'choice', 'euler'],
      ['scheduler', 'choice', 'normal'],
      ['denoise', 'number', 1],
    ]);
    expect(withField(sampler, 'control_after_generate', 'fixed').widgets).toEqual([
      77,
      'fixed',
      20,
      8,
      'euler',
      'normal',
      1,
    ]);
  });

  it('keep a choice that nobody knows', () => {
    const [, , , , choice] = fieldsOf({ ...sampler, widgets: [1, 'fixed', 20, 8, 'mine', 'normal', 1] });
    expect(choice?.options?.[0]).toBe('mine');
  });

  it('show values without names by their place, and change that place alone', () => {
    const [one] = open(workflow([node(1, 'Nobody', { widgets_values: [5, 'x', true, { a: 1 }] })])).root.nodes;
    if (!one) throw new Error('no node');
    expect(fieldsOf(one).map(({ label, kind }) => [label, kind])).toEqual([
      ['value 1', 'number'],
      ['value 2', 'text'],
      ['value 3', 'toggle'],
      ['value 4', 'fixed'],
    ]);
    expect(withField(one, '#1', 'y').widgets).toEqual([5, 'y', true, { a: 1 }]);
  });

  it('change the value that an instance of a subgraph gives', () => {
    const { root, subgraphs } = open(INNER);
    const [instance, definition] = [root.nodes[0], subgraphs[0]];
    if (!instance || !definition) throw new Error('no instance');
    expect(fieldsOf(instance, definition)).toMatchObject([{ name: 'alpha', value: 0.25 }]);
    expect(withField(instance, 'alpha', 2, definition).widgets).toEqual([2]);
  });
});

describe('readTyped', () => {
  it('reads whole numbers of 64 bits to the last digit, and nothing that is no number', () => {
    expect(readTyped('whole', '18446744073709551615')).toBe(18446744073709551615n);
    expect(readTyped('whole', ' 12 ')).toBe(12);
    expect(readTyped('number', '0,5')).toBe(0.5);
    expect([readTyped('whole', '1.5'), readTyped('number', 'x'), readTyped('number', '')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(readTyped('text', ' x ')).toBe(' x ');
  });
});

describe('Shaper', () => {
  it('has boxes with sockets at their places, and a line for each link', () => {
    const { boxes, lines } = shapeOf(textToImage());
    expect([boxes.length, lines.length]).toEqual([7, 9]);
    const sampler = boxes.find(({ id }) => id === '3');
    expect(sampler?.inputs.map(({ name, type }) => [name, type])).toEqual([
      ['model', 'MODEL'],
      ['positive', 'CONDITIONING'],
      ['negative', 'CONDITIONING'],
      ['latent_image', 'LATENT'],
    ]);
    expect(sampler?.y).toBe(20 - TITLE);
    expect(sampler?.height).toBeGreaterThanOrEqual(TITLE + 4 * ROW + 7 * FIELD);
    expect(sampler && socketY(sampler, 3)).toBe(TITLE + 3.5 * ROW);
    expect(lines).toContainEqual({ id: '2', from: '5', fromSlot: 0, to: '3', toSlot: 3, type: 'LATENT' });
  });

  it('names what is unknown with its pack, and what does not run', () => {
    const { boxes } = shapeOf(
      workflow([
        node(1, 'FaceDetailerPipe', { properties: { cnr_id: 'comfyui-impact-pack' } }),
        node(2, 'ImageInvert', { mode: 2 }),
        node(3, 'ImageInvert', { mode: 4 }),
        node(4, 'Note', { widgets_values: ['words'] }),
      ]),
    );
    expect(boxes.map(({ isUnknown, pack, state, kind }) => [isUnknown, pack, state, kind])).toEqual([
      [true, 'comfyui-impact-pack', 'runs', 'node'],
      [false, undefined, 'muted', 'node'],
      [false, undefined, 'bypassed', 'node'],
      [false, undefined, 'runs', 'note'],
    ]);
  });

  it('counts sockets of widgets only where something is joined to them', () => {
    const json = workflow(
      [
        node(1, 'PrimitiveNode', { outputs: [output('INT', 'INT', [1])], widgets_values: [9, 'fixed'] }),
        node(2, 'EmptyLatentImage', {
          inputs: [widgetInput('width', 'INT', null), widgetInput('height', 'INT', 1)],
          widgets_values: [512, 512, 1],
        }),
      ],
      [[1, 1, 0, 2, 1, 'INT']],
    );
    const { boxes, lines } = shapeOf(json);
    expect(boxes[1]?.inputs.map(({ name }) => name)).toEqual(['height']);
    expect(lines[0]?.toSlot).toBe(0);
    expect([...(boxes[1]?.filled ?? [])]).toEqual(['height']);
  });

  it('shows the inside of a subgraph between its inputs and outputs', () => {
    const { boxes, lines } = shapeOf(INNER, ['1']);
    expect(boxes.map(({ id, title }) => [id, title])).toEqual([
      ['2', 'ImageSharpen'],
      ['-10', 'Inputs'],
      ['-20', 'Outputs'],
    ]);
    expect(lines.map(({ from, to }) => [from, to])).toEqual([
      ['-10', '2'],
      ['-10', '2'],
      ['2', '-20'],
    ]);
    // The instance gives `alpha` and no image.
    expect([...(boxes[0]?.filled ?? [])]).toEqual(['alpha']);
  });
});

describe('listOf', () => {
  it('lists sources first, with links in words', () => {
    const list = listOf(shapeOf(textToImage()));
    expect(list.map(({ box }) => box.id)).toEqual(['4', '5', '6', '7', '3', '8', '9']);
    expect(list[4]?.from.map(({ socket, title, other }) => [socket, title, other])[3]).toEqual([
      'latent_image',
      'Empty Latent Image',
      'LATENT',
    ]);
  });

  it('ends with rings', () => {
    const ring = workflow(
      [
        node(1, 'ImageInvert', { inputs: [input('image', 'IMAGE', 1)], outputs: [output('IMAGE', 'IMAGE', [2])] }),
        node(2, 'ImageInvert', { inputs: [input('image', 'IMAGE', 2)], outputs: [output('IMAGE', 'IMAGE', [1])] }),
        node(3, 'Note'),
      ],
      [
        [1, 2, 0, 1, 0, 'IMAGE'],
        [2, 1, 0, 2, 0, 'IMAGE'],
      ],
    );
    expect(listOf(shapeOf(ring)).map(({ box }) => box.id)).toEqual(['3', '1', '2']);
  });
});

describe('saving', () => {
  it('writes the workflow as it was, and what runs', () => {
    const document = open(textToImage());
    expect(isSameJson(readJson(workflowText(document)), textToImage())).toBe(true);
    expect(readJson(promptText(document))).toMatchObject({ '5': { class_type: 'EmptyLatentImage' } });
  });

  it('names files after the one that was opened', () => {
    expect(graphFileName('castle.png', 'workflow')).toBe('castle.json');
    expect(graphFileName('castle.api.json', 'prompt')).toBe('castle.api.json');
    expect(graphFileName('', 'workflow')).toBe('workflow.json');
  });
});

describe('the library', () => {
  const library = {
    items: [{ entry: { name: 'Dream Shaper 8', id: 'dream' }, stored: { name: 'DreamShaper_8' }, isUsable: true }],
    adapters: [{ kind: 'lora', fileName: 'Ink.safetensors', name: 'Ink', aliases: ['inkwash'] }],
    controls: [],
    vaes: [{ name: 'clear' }],
    upscalers: [],
    texts: [],
  } as unknown as Parameters<typeof libraryNames>[0];

  it('names its files, by folder', () => {
    expect(libraryNames(library, 'checkpoints')).toEqual(['Dream Shaper 8']);
    expect(libraryNames(library, 'loras')).toEqual(['Ink.safetensors']);
    expect(libraryNames(library, 'vae')).toEqual(['clear']);
  });
});

describe('mayCarryWorkflow', () => {
  it('sees the words of a workflow at either end of a file', async () => {
    const zeros = new Uint8Array(3 * 2 ** 20);
    expect(await mayCarryWorkflow(new Blob([zeros, '{"3": {"class_type": "KSampler"}}']))).toBe(true);
    expect(await mayCarryWorkflow(new Blob(['{"nodes": [', zeros]))).toBe(true);
    expect(await mayCarryWorkflow(new Blob(['Steps: 20', zeros]))).toBe(false);
  });
});

describe('typeColour', () => {
  it('tells the commonest types apart', () => {
    const types = ['MODEL', 'CLIP', 'VAE', 'CONDITIONING', 'LATENT', 'IMAGE', 'MASK'];
    expect(new Set(types.map(typeColour)).size).toBe(types.length);
  });
});
