import { describe, expect, it } from 'vitest';
import type { StoredModel } from '../../../engine/library-api';
import { addedControlText, controlText, whereControls } from './control-text';

describe('what is said of a file for Control', () => {
  it.each([
    ['network', 'x is on this computer: a ControlNet, to be chosen in the form, under “Control”.'],
    ['adapter', 'x is on this computer: a T2I-Adapter, to be chosen in the form, under “Control”.'],
    ['picture', 'x is on this computer: an IP-Adapter, to be chosen in the form, under “Control”.'],
    [
      'tower',
      'x is on this computer: a CLIP vision encoder, with which IP-Adapters look at pictures. Nothing is to be chosen.',
    ],
    ['annotator', 'x is on this computer: with it preprocessors draw hints. Nothing is to be chosen.'],
  ] as const)('once it was added: %s', (control, words) =>
    expect(addedControlText({ name: 'x', control })).toBe(words),
  );

  it('names a Control-LoRA as one', () => {
    const lora = { name: 'x', control: 'network', isControlLora: true } as const;
    expect(addedControlText(lora)).toMatch(/a Control-LoRA, to be chosen/);
    const stored: StoredModel = {
      ...lora,
      id: 'x',
      family: 'sd15',
      plan: 'q8',
      bytes: 136e6,
      addedAt: 0,
      fileName: 'x',
    };
    expect(controlText(stored)).toMatch(/^Control-LoRA for SD 1\.5 · /);
  });

  it('where it is chosen, in the library', () => {
    expect(whereControls([{ control: 'network' }, { control: 'picture' }])).toBe(
      'To be chosen in the form, under “Control”.',
    );
    expect(whereControls([{ control: 'network' }, { control: 'tower' }])).toMatch(/is used by them/);
  });
});
