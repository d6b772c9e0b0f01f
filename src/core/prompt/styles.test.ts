/** Styles and comments; a styles.csv as Python writes it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import reference from './fixtures/reference.json';
import { applyStyles, parseStyles, removeStyle, stripComments, writeStyles, type Style } from '.';

const style = (prompt: string, negativePrompt = ''): Style => ({ name: 's', prompt, negativePrompt });
const pair = (prompt: string, negativePrompt = '') => ({ prompt, negativePrompt });

describe('applyStyles', () => {
  it.each([
    ['cat', 'oil paint', 'cat, oil paint'],
    ['', 'oil paint', 'oil paint'],
    [' cat ', '', 'cat'],
    ['cat', 'a {prompt} and a {prompt}', 'a cat and a cat'],
    ['$& $1', '<{prompt}>', '<$& $1>'],
  ])('puts around %j the style %j', (prompt, text, expected) =>
    expect(applyStyles(pair(prompt), [style(text)]).prompt).toBe(expected),
  );

  it('applies several in order, to both prompts', () => {
    const styles = [style('photo of {prompt}', 'blurry'), style('sharp', 'bad, {prompt}')];
    expect(applyStyles(pair('cat', 'dog'), styles)).toEqual(pair('photo of cat, sharp', 'bad, dog, blurry'));
  });
});

describe('removeStyle', () => {
  it.each([style('oil paint', 'blurry'), style('a {prompt}, oil', '{prompt} x'), style('', 'blurry')])(
    'undoes %j',
    (one) => expect(removeStyle(applyStyles(pair('cat', 'dog'), [one]), one)).toEqual(pair('cat', 'dog')),
  );

  it.each([style('oil', 'sharp'), style('{prompt} oil'), style(''), style('a cat {prompt} cat')])(
    'leaves a prompt that does not carry %j',
    (one) => expect(removeStyle(pair('a cat', 'blurry'), one)).toBeUndefined(),
  );
});

describe('parseStyles', () => {
  it('reads what A1111 writes: byte order mark, quotes, line breaks inside', () => {
    const csv = '\ufeffname,prompt,negative_prompt\r\n"a, b","x ""y""\r\nz",no\r\n# divider,,\r\nempty,,\r\n';
    expect(parseStyles(csv)).toEqual([
      { name: 'a, b', prompt: 'x "y"\r\nz', negativePrompt: 'no' },
      { name: 'empty', prompt: '', negativePrompt: '' },
    ]);
  });

  it('reads old files, blanks after commas, short rows and empty lines', () => {
    expect(parseStyles('name, text\n\nold, "a, b"\nshort\nold,new')).toEqual([
      { name: 'old', prompt: 'new', negativePrompt: '' },
      { name: 'short', prompt: '', negativePrompt: '' },
    ]);
  });

  it.each([
    ['', /must begin with "name,prompt,negative_prompt", not ""/],
    ['title,prompt\nx,y', /not "title,prompt"/],
    ['name,prompt\n"a,b', /unclosed quotation mark in row 2/],
  ])('refuses %j', (csv, message) => expect(() => parseStyles(csv)).toThrow(message));

  it("reads and writes what Python's csv module does", () => {
    const { csv, rows } = reference.styles;
    const styles = rows.map(([name, prompt, negativePrompt]) => ({ name, prompt, negativePrompt }));
    expect(parseStyles(csv)).toEqual(styles);
    expect(parseStyles(writeStyles(styles))).toEqual(styles);
  });

  it('reads back whatever was written', () => {
    const field = fc.string({ unit: fc.constantFrom(...'ab"#,\n\r {}é'), maxLength: 8 });
    const name = field.filter((text) => text !== '' && !text.startsWith('#'));
    const styles = fc.uniqueArray(fc.record({ name, prompt: field, negativePrompt: field }), {
      selector: (s) => s.name,
    });
    fc.assert(
      fc.property(styles, (list) => {
        expect(parseStyles(writeStyles(list))).toEqual(list);
      }),
    );
  });
});

describe('stripComments', () => {
  it.each([
    ['a # b', 'a \n'],
    ['a # b\nc', 'a \nc'],
    ['# a\nb', '\nb'],
    ['a\n# b\nc', 'a\nc'],
    ['no comment', 'no comment'],
  ])('%j', (text, expected) => expect(stripComments(text)).toBe(expected));
});
