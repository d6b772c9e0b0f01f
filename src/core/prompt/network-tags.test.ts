import { describe, expect, it } from 'vitest';
import {
  appendWords,
  exchangeTags,
  hasTwoStrengths,
  placedNetworks,
  removeTag,
  replaceTag,
  withStrength,
} from './network-tags';

describe('placedNetworks', () => {
  it('finds each tag where it stands, and none in a comment', () => {
    const text = 'a <lora:x:0.8> # <lora:x:0.8>\nb <lora:x:0.8><lyco:y>';
    const found = placedNetworks(text);
    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(['<lora:x:0.8>', '<lora:x:0.8>', '<lyco:y>']);
    expect(found.map(({ start }) => start)).toEqual([2, 32, 44]);
    expect(replaceTag(text, found[1], '<lora:z>')).toBe('a <lora:x:0.8> # <lora:x:0.8>\nb <lora:z><lyco:y>');
  });
});

describe('withStrength', () => {
  it.each([
    ['<lora:x>', 'both', 0.5, '<lora:x:0.5>'],
    ['<lora:x:1>', 'both', -0.35, '<lora:x:-0.35>'],
    ['<lora:x:0.8:0.4>', 'denoiser', 0.5, '<lora:x:0.8:0.5>'],
    ['<lora:x:0.8:0.4>', 'text', 0.5, '<lora:x:0.5:0.4>'],
    ['<lora:x:0.8:0.4:16>', 'both', 0, '<lora:x:0:0:16>'],
    ['<lora:x:te=0.8:unet=0.4>', 'denoiser', 1, '<lora:x:te=0.8:unet=1>'],
    ['<lora:x:te=0.8:unet=0.4>', 'both', 0, '<lora:x:te=0:unet=0>'],
    ['<lora:x:0.8:dyn=4>', 'both', 1, '<lora:x:1:dyn=4>'],
    ['<lora:x:dyn=4>', 'both', 0.7, '<lora:x:0.7:dyn=4>'],
    ['<lora:x:unet=0.4>', 'text', 0.7, '<lora:x:0.7:unet=0.4>'],
    ['<lyco:a b:1>', 'both', 0.30000000000000004, '<lyco:a b:0.3>'],
    ['<lora:x:0.8>', 'denoiser', 0.2, '<lora:x:0.8:0.2>'],
    ['<lora:x:0.8:lbw=OUTD>', 'denoiser', 0.2, '<lora:x:0.8:0.2:lbw=OUTD>'],
    ['<lora:x:te=0.8:lbw=OUTD:start=5>', 'denoiser', 0.2, '<lora:x:0.8:0.2:lbw=OUTD:start=5>'],
    ['<lora:x>', 'denoiser', 0.2, '<lora:x:1:0.2>'],
  ] as const)('%s, %s %d: %s', (raw, which, value, wanted) => expect(withStrength(raw, which, value)).toBe(wanted));

  it('knows where two are given', () => {
    const two = ['<lora:x:1:0.5>', '<lora:x:te=1:unet=0.5>', '<lora:x:unet=0.5>'];
    expect(two.map((raw) => hasTwoStrengths({ raw }))).toEqual([true, true, true]);
    expect(['<lora:x>', '<lora:x:1>', '<lora:x:1:dyn=2>'].map((raw) => hasTwoStrengths({ raw }))).toEqual(
      new Array(3).fill(false),
    );
  });
});

describe('exchangeTags', () => {
  it('leaves what is around them', () => {
    const text = 'a <lora:x:1>, b <lora:longer:0.5:lbw=MIDD> # <lora:c:1>';
    const [first, second] = placedNetworks(text);
    expect(exchangeTags(text, first, second)).toBe('a <lora:longer:0.5:lbw=MIDD>, b <lora:x:1> # <lora:c:1>');
  });
});

describe('removeTag', () => {
  it.each([
    ['a cat <lora:x:1>', 'a cat'],
    ['<lora:x:1> a cat', 'a cat'],
    ['a cat, <lora:x:1>, red', 'a cat, red'],
    ['a cat, <lora:x:1>', 'a cat'],
    ['a <lora:x:1> cat', 'a cat'],
    ['<lora:x:1>', ''],
  ])('%s: %s', (text, wanted) => expect(removeTag(text, placedNetworks(text)[0])).toBe(wanted));
});

describe('appendWords', () => {
  it('stands behind what is there', () => {
    expect(['a cat, ', '', 'a cat'].map((text) => appendWords(text, 'red', ', '))).toEqual([
      'a cat, red',
      'red',
      'a cat, red',
    ]);
  });
});
