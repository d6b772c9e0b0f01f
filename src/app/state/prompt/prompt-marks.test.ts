import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptLook } from './prompt-marks';

const kindsOf = (text: string, dialect?: 'a1111' | 'comfyui') =>
  promptLook(text, dialect)
    .marks.filter(({ kind }) => kind !== 'plain')
    .map(({ kind, text: part }) => `${kind} ${part}`);

describe('promptLook', () => {
  it.each([
    ['a cat', []],
    ['a (cat:1.2) b', ['heavier (cat:1.2)']],
    ['[cat]', ['lighter [cat]']],
    ['(cat:0.5)', ['lighter (cat:0.5)']],
    ['(cat:1)', []],
    ['\\(cat\\)', []],
    ['a (cat', ['error (']],
    ['a cat)]', ['error )]']],
    ['<lora:x:0.8>', ['network <lora:x:0.8>']],
    ['a < b', []],
    ['[a:b:0.5]', ['editing [', 'editing :', 'editing :', 'editing ]']],
    ['[a|b]', ['editing [', 'editing |', 'editing ]']],
    ['a AND b BREAK c', ['keyword AND', 'keyword BREAK']],
    ['LAND BREAKFAST', []],
    ['a # (note\nb', ['comment # (note']],
  ])('%j', (text, kinds) => expect(kindsOf(text)).toEqual(kinds));

  it('reads ComfyUI’s syntax where that is chosen', () => {
    expect(kindsOf('[cat] AND ((a:1.3))', 'comfyui')).toEqual(['heavier (', 'heavier (a:1.3)', 'heavier )']);
    expect(kindsOf('[a', 'comfyui')).toEqual([]);
  });

  it('multiplies nested weights', () => {
    const { marks } = promptLook('((a:1.2) (b:0.5))');
    const [a, b] = ['a', 'b'].map((letter) => marks.find(({ text }) => text.includes(letter)));
    expect([a?.kind, b?.kind]).toEqual(['heavier', 'lighter']);
    expect(b?.strength).toBeGreaterThan(a?.strength ?? 1);
  });

  it('counts loose brackets', () => expect(promptLook('((a) b]').loose).toBe(2));

  it('keeps every letter, whatever the text', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'()[]<>:|\\#.1a \n'), maxLength: 60 });
    fc.assert(
      fc.property(texts, (text) => {
        for (const dialect of ['a1111', 'comfyui'] as const)
          expect(
            promptLook(text, dialect)
              .marks.map((mark) => mark.text)
              .join(''),
          ).toBe(text);
      }),
    );
  });

  it('is quick with long and deep texts', () => {
    promptLook('('.repeat(9000) + ')'.repeat(9000));
    expect(promptLook('a'.repeat(30_000)).marks).toHaveLength(1);
  });
});
