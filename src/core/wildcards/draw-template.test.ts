import { describe, expect, it } from 'vitest';
import fixtures from './fixtures/draws.json';
import { drawTemplate, type Lists } from './draw-template';
import { readLists } from './read-lists';
import { templateRandom } from './template-random';
import { usesTemplate } from './uses-template';

const LISTS: Lists = Object.assign({}, ...Object.entries(fixtures.files).map(([name, text]) => readLists(name, text)));
const DRAWS = 4000;
/** Two samples of 4,000: five standard deviations of their difference at a share of a half. */
const NOISE = 5 * Math.sqrt((2 * 0.25) / DRAWS);

const draw = (template: string, seed: number, lists = LISTS): string =>
  drawTemplate(template, { lists, random: templateRandom(seed, 'prompt') });

function shares(template: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < DRAWS; seed++) {
    const text = draw(template, seed);
    counts.set(text, (counts.get(text) ?? 0) + 1 / DRAWS);
  }
  return counts;
}

describe('drawTemplate', () => {
  it.each(fixtures.cases.map(({ template, shares: theirs }) => [template, theirs] as const))(
    'draws of %s what Dynamic Prompts draws, as often',
    (template, theirs) => {
      const ours = shares(template);
      const expected = new Map(Object.entries(theirs).map(([text, share]) => [text.trim(), share]));
      expect([...ours.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [text, share] of expected) expect(Math.abs((ours.get(text) ?? 0) - share)).toBeLessThan(NOISE);
    },
  );

  it('draws the same of the same seed', () => {
    expect(draw('{a|b|c|d|e|f|g|h}', 5)).toBe(draw('{a|b|c|d|e|f|g|h}', 5));
    expect(templateRandom('18446744073709551615', 'prompt')()).not.toBe(templateRandom(5, 'prompt')());
    expect(templateRandom(5, 'negative')()).not.toBe(templateRandom(5, 'prompt')());
  });

  it('takes options in turn where it is told to', () => {
    const inTurn = (index: number): string =>
      drawTemplate('{@a|b|c} __@season__', { lists: LISTS, random: Math.random, index });
    expect([0, 1, 2, 3].map(inTurn)).toEqual(['a summer', 'b autumn', 'c winter', 'a summer']);
  });

  it('names lists that are not here', () => {
    const missing: string[] = [];
    const text = drawTemplate('__no/where__', {
      lists: LISTS,
      random: Math.random,
      onMissing: (name) => missing.push(name),
    });
    expect([text, missing]).toEqual(['__no/where__', ['no/where']]);
  });

  it('leaves what only looks like a list', () => {
    expect(draw('snake__case, __init, a __b {x}', 1)).toBe('snake__case, __init, a __b x');
  });

  it('keeps a variable that is set where it is told to', () => {
    expect(draw('${x=a}${x?=b}${x}', 1)).toBe('a');
    expect(draw('${x=a}${x=b}${x}', 1)).toBe('b');
  });

  it.each([
    ['a {b|c', /A brace is not closed: \{b\|c/],
    [
      `\${a0={x|x}\${e=}}\${a0=\${e=}}${Array.from({ length: 30 }, (_, i) => `\${a${i + 1}=\${a${i}}\${a${i}}}`).join('')}\${a30}`,
      /has no end/,
    ],
    ['${x', /A variable is not closed/],
    ['${x}', /"\$\{x\}" was never set/],
    ['{'.repeat(200), /More than 64 braces/],
  ])('refuses %s in a sentence', (template, sentence) => expect(() => draw(template, 1)).toThrow(sentence));

  it('refuses lists that name themselves, and texts without end', () => {
    expect(() => draw('__a__', 1, { a: ['__b__'], b: ['__a__'] })).toThrow('names itself');
    const long = 'word '.repeat(20_000);
    expect(() => draw('__a__ __a__', 1, { a: [long] })).toThrow('has no end');
  });

  it.each([
    ['__a*__', ['ab', 'abc', 'axbxc']],
    ['__*c__', ['abc', 'axbxc', 'bc']],
    ['__a*b*c__', ['abc', 'axbxc']],
    ['__ab*bc__', []],
    ['__*__', ['ab', 'abc', 'axbxc', 'bc']],
    [`__${'*a'.repeat(5000)}__`, []],
  ])('finds the lists of %.12s', (template, names) => {
    const lists = Object.fromEntries(['ab', 'abc', 'axbxc', 'bc'].map((name) => [name, [name]]));
    const drawn = new Set(Array.from({ length: 60 }, (_, seed) => draw(template, seed, lists)));
    expect([...drawn].filter((name) => name in lists).sort()).toEqual(names);
  });

  it('leaves out what a variable that names itself would be', () => {
    expect(draw('${x=a${x}}${x}', 1)).toBe('a');
  });
});

describe('usesTemplate', () => {
  it.each(['{a|b}', 'x {a|{b|c}} y', '{2$$a|b}', '__season__', 'a __colours/*__', '${x:a}', '__c(season=winter)__'])(
    'sees %s',
    (text) => expect(usesTemplate(text)).toBe(true),
  );
  it.each([
    'a cat',
    '[a|b]',
    '(a:1.2)',
    '{masterpiece}',
    '{{best}}',
    'a | b',
    'a__b',
    '____',
    'a {b',
    '<lora:x:1>',
    '5$',
  ])('leaves %s alone', (text) => expect(usesTemplate(text)).toBe(false));
});

describe('readLists', () => {
  it('reads what Dynamic Prompts does of all three kinds', () => {
    expect(LISTS).toMatchObject({
      'colours/warm': ['red', '{orange|amber}'],
      metal: ['3::iron', '1::gold'],
      'deep/er': ['one', '2::two'],
      'trees/tall': ['oak', 'an ash'],
      'trees/small': ['box', 'yew'],
    });
  });
  it('reads texts of several lines, and items below their key without an indent', () => {
    expect(readLists('a.yaml', 'b:\n- |\n  one\n  two\n- "x: y"\nc:\n  - z\n')).toEqual({
      b: ['one two', 'x: y'],
      c: ['z'],
    });
  });
  it.each([
    ['empty.txt', '# nothing\n', /^empty.txt: it holds no line/],
    ['a.json', '{', /^a.json: /],
    ['a.json', '3', /it holds no lists/],
    ['a.yaml', 'just words', /Line 1 is no key/],
    ['a.yaml', 'a:\n    - b\n  - c', /Line 3 is not indented/],
  ])('refuses %s in a sentence', (name, text, sentence) => expect(() => readLists(name, text)).toThrow(sentence));
});
