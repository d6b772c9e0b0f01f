/** Repairs of pasted text. Ids of repaired text are compared with CLIP's own tokenizer in platform/text. */
import { describe, expect, it } from 'vitest';
import { cleanText } from './clean-text';

describe('cleanText', () => {
  it.each([
    ['it’s “so” ‚ „ «»', `it's "so" ' " «»`],
    ['ﬁsh, ＡＢＣ！　ｱ', 'fish, ABC! ア'],
    ['\ufeffred\u0000 apple\u0007', 'red apple'],
    ['tab\tline\nend\r\n', 'tab\tline\nend\r\n'],
    ['a\u2028b\u2029c', 'a\nb\nc'],
    ['wait\u0085 \u0093word\u0094', 'wait… "word"'],
    ['cafe\u0301', 'café'],
    ['\u0080\u0081\u008d\u0099\u009d\u009f', '€\u0081\u008d™\u009dŸ'],
    ['', ''],
  ])('turns %j into %j', (text, expected) => expect(cleanText(text)).toBe(expected));

  it('leaves plain prompts, brackets, emoji and other scripts as they are', () => {
    const text = 'A (red:1.3) apple, [a|b], <lora:x:0.8>, 👨‍👩‍👧 猫 привет — ½ ² €';
    expect(cleanText(text)).toBe(text);
  });
});
