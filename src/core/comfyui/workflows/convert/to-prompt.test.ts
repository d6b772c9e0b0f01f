import { describe, expect, it } from 'vitest';
import type { Json } from '../document';
import {
  input,
  node,
  output,
  promptOf,
  textToImage,
  TEXT_TO_IMAGE,
  widgetInput,
  workflow,
  type Fields,
} from '../testing/graphs';

const sampler = (fields: Fields): Record<string, Json> => promptOf(textToImage({ sampler: fields }))['3'].inputs;

describe('values by order', () => {
  it('get their names', () => expect(promptOf(textToImage())).toEqual(TEXT_TO_IMAGE));

  it('are read without control_after_generate in the oldest files', () => {
    expect(sampler({ widgets_values: [77, 20, 8, 'euler', 'normal', 1] })).toEqual(TEXT_TO_IMAGE['3'].inputs);
  });

  it('are read with truth values for it in old ones, and with holes', () => {
    expect(sampler({ widgets_values: [77, true, 20, 8, 'sample_euler', 'normal', 1] })).toEqual(
      TEXT_TO_IMAGE['3'].inputs,
    );
    expect(sampler({ widgets_values: [77, null, 20, 8, 'euler', 'normal', 1] })).toEqual(TEXT_TO_IMAGE['3'].inputs);
  });

  it('have the default where the list is short', () => {
    expect(sampler({ widgets_values: [77, 'fixed', 20] })).toMatchObject({
      steps: 20,
      cfg: 8,
      sampler_name: 'euler',
      scheduler: 'simple',
      denoise: 1,
    });
    const { '1': encode } = promptOf(workflow([node(1, 'CLIPVisionEncode', { widgets_values: [] })]));
    expect(encode.inputs).toEqual({ crop: 'center' });
  });

  it('keep seeds of 64 bits', () => {
    expect(sampler({ widgets_values: [2n ** 64n - 1n, 'fixed', 20, 8, 'euler', 'normal', 1] })['seed']).toBe(
      2n ** 64n - 1n,
    );
  });

  it('leave out the text of an upload button', () => {
    const { '1': load } = promptOf(workflow([node(1, 'LoadImageMask', { widgets_values: ['a.png', 'red', 'image'] })]));
    expect(load.inputs).toEqual({ image: 'a.png', channel: 'red' });
    const { '1': other } = promptOf(
      workflow([node(1, 'LoadImageMask', { widgets_values: ['a.png', 'image', 'red'] })]),
    );
    expect(other.inputs).toEqual({ image: 'a.png', channel: 'red' });
  });

  it('wrap lists, so that none is taken for a link', () => {
    const { '1': own } = promptOf(workflow([node(1, 'Mine', { widgets_values: { points: ['4', 0] } })]));
    expect(own.inputs).toEqual({ points: { __value__: ['4', 0] } });
  });
});

describe('values by name', () => {
  const named = { seed: 5, control_after_generate: 'fixed', steps: 9, newer: 'x' };

  it('count more than those by order, and bring those that are new', () => {
    expect(sampler({ widgets_values_named: named })).toEqual({
      ...TEXT_TO_IMAGE['3'].inputs,
      seed: 5,
      steps: 9,
      newer: 'x',
    });
  });

  it('count less for files, where the list has just the places of the class: as in ComfyUI’s editor', () => {
    const values = (widgets_values: string[]) =>
      promptOf(workflow([node(1, 'LoadImage', { widgets_values, widgets_values_named: { image: 'old.png', upload: 'image' } })]))['1'].inputs; // prettier-ignore
    expect([values(['new.png', 'image']), values(['new.png', 'image', 'more'])]).toEqual([
      { image: 'new.png' },
      { image: 'old.png' },
    ]);
  });

  it('are those of an object', () => {
    const { '1': own } = promptOf(
      workflow([node(1, 'VHS_VideoCombine', { widgets_values: { frame_rate: 8, videopreview: { hidden: false } } })]),
    );
    expect(own.inputs).toEqual({ frame_rate: 8 });
  });

  it('leave out the mode of a number, whatever it is called', () => {
    const { '1': own } = promptOf(
      workflow([
        node(1, 'PrimitiveInt', { widgets_values: [8, 'fixed'], widgets_values_named: { value: 8, fixed: 'fixed' } }),
      ]),
    );
    expect(own.inputs).toEqual({ value: 8 });
  });
});

describe('nodes that nobody knows', () => {
  it('have the names of their sockets where those are all of the values', () => {
    const inputs = [widgetInput('seed', 'INT', null), widgetInput('mode', 'COMBO', null)];
    const own = (widgets_values: Json[]) =>
      promptOf(workflow([node(1, 'Mine', { inputs, widgets_values })]))['1'].inputs;
    expect(own([5, 'randomize', 'fast'])).toEqual({ seed: 5, mode: 'fast' });
    expect(own([5, 'fast'])).toEqual({ seed: 5, mode: 'fast' });
    expect(own([1, 2, 3, 4])).toEqual({});
  });

  it('keep rgthree’s lines of LoRAs', () => {
    const line = { on: true, lora: 'ink.safetensors', strength: 0.5, strengthTwo: null };
    const widgets_values = [{}, { type: 'PowerLoraLoaderHeaderWidget' }, line, {}, ''];
    const { '1': own } = promptOf(workflow([node(1, 'Power Lora Loader (rgthree)', { widgets_values })]));
    expect(own.inputs).toEqual({ PowerLoraLoaderHeaderWidget: { type: 'PowerLoraLoaderHeaderWidget' }, lora_1: line });
  });
});

/** A node between the checkpoint's CLIP and the positive text. */
function between(middle: Fields[], links: Json[][]): Record<string, Json> {
  const json = textToImage({ nodes: middle });
  const kept = (json['links'] as Json[][]).filter(([id]) => id !== 3);
  return promptOf({ ...json, links: [...kept, ...links] })['6'].inputs;
}

const reroute = (id: number, link: number | null, more: Fields = {}): Fields =>
  node(id, 'Reroute', { inputs: [input('', '*', link)], outputs: [output('', 'CLIP', [])], ...more });

describe('links', () => {
  it('go over reroutes, and vanish at a ring of them', () => {
    expect(
      between(
        [reroute(20, 30), reroute(21, 31)],
        [
          [30, 4, 1, 20, 0, '*'],
          [31, 20, 0, 21, 0, '*'],
          [3, 21, 0, 6, 0, '*'],
        ],
      ),
    ).toEqual({
      text: 'a pear',
      clip: ['4', 1],
    });
    expect(
      between(
        [reroute(20, 31), reroute(21, 30)],
        [
          [30, 20, 0, 21, 0, '*'],
          [31, 21, 0, 20, 0, '*'],
          [3, 21, 0, 6, 0, '*'],
        ],
      ),
    ).toEqual({
      text: 'a pear',
    });
  });

  it('vanish where their source is muted, missing or only in the editor', () => {
    const muted = node(20, 'CLIPSetLastLayer', { mode: 2, inputs: [input('clip', 'CLIP', 30)] });
    expect(
      between(
        [muted],
        [
          [30, 4, 1, 20, 0, 'CLIP'],
          [3, 20, 0, 6, 0, 'CLIP'],
        ],
      ),
    ).toEqual({ text: 'a pear' });
    expect(between([], [[3, 77, 0, 6, 0, 'CLIP']])).toEqual({ text: 'a pear' });
    expect(between([node(20, 'Note')], [[3, 20, 0, 6, 0, 'CLIP']])).toEqual({ text: 'a pear' });
  });

  it('go through what is bypassed by type: a LoRA’s CLIP is its second input', () => {
    const lora = node(20, 'LoraLoader', {
      mode: 4,
      inputs: [input('model', 'MODEL', 31), input('clip', 'CLIP', 30)],
      outputs: [output('MODEL', 'MODEL', []), output('CLIP', 'CLIP', [])],
      widgets_values: ['a', 1, 1],
    });
    expect(
      between(
        [lora],
        [
          [30, 4, 1, 20, 1, 'CLIP'],
          [31, 4, 0, 20, 0, 'MODEL'],
          [3, 20, 1, 6, 0, 'CLIP'],
        ],
      ),
    ).toEqual({
      text: 'a pear',
      clip: ['4', 1],
    });
  });

  it('take the first fitting input of what is bypassed, or none', () => {
    const odd = (types: string[]) =>
      between(
        [
          node(20, 'Odd', {
            mode: 4,
            inputs: types.map((type, i) => input(`i${i}`, type, 30 + i)),
            outputs: [output('o', 'CLIP', [])],
          }),
        ],
        [...types.map((type, i) => [30 + i, 4, i, 20, i, type]), [3, 20, 0, 6, 0, 'CLIP']],
      );
    expect(odd(['MODEL', 'vae,clip'])).toEqual({ text: 'a pear', clip: ['4', 1] });
    expect(odd(['MODEL', 'VAE'])).toEqual({ text: 'a pear' });
  });

  it('go from KJNodes’ SetNode to each GetNode of its name', () => {
    const set = node(20, 'SetNode', { inputs: [input('CLIP', 'CLIP', 30)], widgets_values: ['the clip'] });
    const get = (name: string) =>
      node(21, 'GetNode', { outputs: [output('CLIP', 'CLIP', [3])], widgets_values: [name] });
    const links = [
      [30, 4, 1, 20, 0, 'CLIP'],
      [3, 21, 0, 6, 0, 'CLIP'],
    ];
    expect(between([set, get('the clip')], links)).toEqual({ text: 'a pear', clip: ['4', 1] });
    expect(between([set, get('another')], links)).toEqual({ text: 'a pear' });
  });

  it('of a primitive are its value', () => {
    const primitive = node(20, 'PrimitiveNode', {
      outputs: [output('STRING', 'STRING', [30])],
      widgets_values: ['plum', 'fixed'],
    });
    const text = node(6, 'CLIPTextEncode', {
      inputs: [input('clip', 'CLIP', null), widgetInput('text', 'STRING', 30)],
      widgets_values: ['old'],
    });
    expect(promptOf(workflow([primitive, text], [[30, 20, 0, 6, 1, 'STRING']]))).toEqual({
      '6': { class_type: 'CLIPTextEncode', inputs: { text: 'plum' } },
    });
  });

  it('of a converted widget count more than its value', () => {
    const inputs = [widgetInput('text', 'STRING', 30), input('clip', 'CLIP', null)];
    const prompt = promptOf(
      workflow(
        [
          node(1, 'PrimitiveString', { widgets_values: ['x'] }),
          node(6, 'CLIPTextEncode', { inputs, widgets_values: ['old'] }),
        ],
        [[30, 1, 0, 6, 0, 'STRING']],
      ),
    );
    expect(prompt['6'].inputs).toEqual({ text: ['1', 0] });
  });
});

describe('modes', () => {
  it('leave out what is muted and what is bypassed, and run the rest', () => {
    const ids = (mode: number) =>
      Object.keys(promptOf(textToImage({ nodes: [node(20, 'EmptyLatentImage', { mode })] })));
    expect(ids(2)).not.toContain('20');
    expect(ids(4)).not.toContain('20');
    expect([ids(1), ids(3)].every((found) => found.includes('20'))).toBe(true);
  });
});
