/** Links without links. */
import { describe, expect, it } from 'vitest';
import { readDocument } from '../document';
import { textPreparer } from './texts';
import { toPrompt } from './to-prompt';

const CLIP = { name: 'clip', type: 'CLIP', link: null };

const workflow = (mode = 0) => ({
  version: 0.4,
  nodes: [
    { id: 1, type: 'CheckpointLoaderSimple', widgets_values: ['a.safetensors'], inputs: [], outputs: [] },
    {
      ...{ id: 2, type: 'Anything Everywhere3', mode },
      inputs: [1, 2, 3].map((link) => ({ name: `anything${link}`, type: '*', link })),
    },
    { id: 3, type: 'CLIPTextEncode', widgets_values: ['a cat'], inputs: [CLIP] },
    { id: 4, type: 'CLIPTextEncode', widgets_values: ['bad'], inputs: [CLIP] },
    {
      ...{ id: 5, type: 'Prompts Everywhere' },
      inputs: [4, 5].map((link) => ({ name: `+ve ${link}`, type: 'CONDITIONING', link })),
    },
    { id: 6, type: 'KSampler (Efficient)', widgets_values: [-1, null, 20, 7, 'euler', 'normal', 1], inputs: [] },
    { id: 7, type: 'VAEDecode', inputs: [] },
  ],
  links: [
    [1, 1, 0, 2, 0, 'MODEL'],
    [2, 1, 1, 2, 1, 'CLIP'],
    [3, 1, 2, 2, 2, 'VAE'],
    [4, 3, 0, 5, 0, 'CONDITIONING'],
    [5, 4, 0, 5, 1, 'CONDITIONING'],
  ],
});

describe('Use Everywhere', () => {
  it('joins what is joined to nothing, by type and side', () => {
    const document = readDocument(workflow() as never);
    const prepare = textPreparer(document, { random: () => 0.5, now: new Date(0) });
    const prompt = toPrompt(document, { prepare });
    expect(Object.keys(prompt)).toEqual(['1', '3', '4', '6', '7']);
    expect(prompt['3'].inputs).toEqual({ text: 'a cat', clip: ['1', 1] });
    expect(prompt['6'].inputs).toMatchObject({ model: ['1', 0], positive: ['3', 0], negative: ['4', 0] });
    expect(prompt['7'].inputs).toEqual({ vae: ['1', 2] });
    // A seed below 0 is drawn when it is queued.
    expect(prompt['6'].inputs['seed']).toBe(2 ** 49);
    expect(toPrompt(document)['6'].inputs['seed']).toBe(-1);
  });

  it('sends nothing where it is muted or bypassed', () => {
    for (const mode of [2, 4]) {
      const prompt = toPrompt(readDocument(workflow(mode) as never));
      expect(prompt['3'].inputs).toEqual({ text: 'a cat' });
    }
  });
});
