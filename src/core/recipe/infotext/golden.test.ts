/** Against a reference in Python that was written from the description of the grammar (tools/fixtures/infotext_reference.py). */
import { describe, expect, it } from 'vitest';
import { parseInfotext, writeInfotext } from '.';
import read from './fixtures/read.json' with { type: 'json' };
import written from './fixtures/written.json' with { type: 'json' };
import { splitInfotext } from './split-infotext';
import { unquote } from '../value-kinds';

describe('splitInfotext', () => {
  it.each(read.cases.map((wanted, i) => [i, wanted] as const))(
    'finds what the reference finds in text %i',
    (_, wanted) => {
      const { prompt, negativePrompt, pairs } = splitInfotext(wanted.text);
      const values = new Map<string, string>();
      for (const { key, value } of pairs) if (value !== '') values.set(key, unquote(value));
      expect({ text: wanted.text, prompt, negative: negativePrompt, pairs: [...values] }).toEqual(wanted);
    },
  );
});

describe('parseInfotext and writeInfotext', () => {
  it.each(written.texts.map((text, i) => [i, text] as const))('give text %i of A1111 back as it was', (_, text) => {
    const { recipe, notes } = parseInfotext(text);
    expect(notes).toEqual([]);
    expect(writeInfotext(recipe)).toBe(text);
  });
});
