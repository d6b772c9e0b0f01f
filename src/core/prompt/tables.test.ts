/** The tables that users of A1111 know, worked by hand. */
import { describe, expect, it } from 'vitest';
import { entryAt, isBreak, parseEmphasis, parseSchedule, splitComposition, type Segment } from '.';

const pairs = (segments: readonly Segment[]): unknown[][] =>
  segments.map(({ text, weight }) => [text, Number(weight.toFixed(6))]);

describe('emphasis in A1111', () => {
  // prettier-ignore
  it.each<[string, unknown[][]]>([
    ['a (b) c', [['a ', 1], ['b', 1.1], [' c', 1]]],
    ['((b))', [['b', 1.21]]],
    ['[[b]]', [['b', 0.826446]]],
    ['((b:1.2))', [['b', 1.32]]],
    ['(a (b:1.2) c)', [['a ', 1.1], ['b', 1.32], [' c', 1.1]]],
    [
      'a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).',
      [['a ', 1], ['house', 1.573], [' ', 1.1], ['on', 1], [' a ', 1.1], ['hill', 0.55], [', sun, ', 1.1], ['sky', 1.4641], ['.', 1.1]],
    ],
    ['(b: 1.2 )', [['b', 1.2]]],
    ['(b:1.2:3)', [['b:1.2', 3]]],
    ['(b:)', [['b:', 1.1]]],
    ['(b:-1)', [['b', -1]]],
    ['[b:0.5]', [['b:0.5', 0.909091]]],
    ['(a))', [['a', 1.1], [')', 1]]],
    ['a\\(b\\)', [['a(b)', 1]]],
    ['(unnecessary)(parens)', [['unnecessaryparens', 1.1]]],
    ['(a', [['a', 1.1]]],
    ['', [['', 1]]],
  ])('%s', (text, expected) => expect(pairs(parseEmphasis(text, 'a1111'))).toEqual(expected));

  it('marks BREAK outside of brackets alone', () => {
    expect(parseEmphasis('a BREAK b', 'a1111').map(isBreak)).toEqual([false, true, false]);
    expect(pairs(parseEmphasis('a\n BREAK\tb', 'a1111'))).toEqual([
      ['a', 1],
      ['BREAK', -1],
      ['b', 1],
    ]);
    for (const text of ['a BREAKb', 'BREAKFAST', 'a_BREAK', 'a break b', '(a BREAK b:1.2)', 'éBREAK'])
      expect(parseEmphasis(text, 'a1111').some(isBreak)).toBe(false);
    expect(pairs(parseEmphasis('(a BREAK b:1.2)', 'a1111'))).toEqual([
      ['a', 1.2],
      ['BREAK', -1.2],
      ['b', 1.2],
    ]);
  });
});

describe('emphasis in ComfyUI', () => {
  // prettier-ignore
  it.each<[string, unknown[][]]>([
    ['(x)', [['x', 1.1]]],
    ['((x:1.3))', [['x', 1.3]]],
    ['((x))', [['x', 1.21]]],
    ['((x:0.5) y:2)', [['x', 0.5], [' y', 2]]],
    ['[x:0.5] BREAK y', [['[x:0.5] BREAK y', 1]]],
    ['(a:b)', [['a:b', 1.1]]],
    ['\\(a\\)', [['(a)', 1]]],
    ['', []],
  ])('%s', (text, expected) => expect(pairs(parseEmphasis(text, 'comfyui'))).toEqual(expected));
});

describe('prompt editing in 10 calls', () => {
  const schedule = (text: string, options = {}): unknown[][] =>
    parseSchedule(text, { calls: 10, ...options }).map((entry) => [entry.until, entry.text]);
  // prettier-ignore
  it.each<[string, unknown[][]]>([
    ['a [b:c:0.4] d', [[4, 'a b d'], [10, 'a c d']]],
    ['[a:b:1]', [[1, 'a'], [10, 'b']]],
    ['[a:b:1.0]', [[10, 'a']]],
    ['[a:b:0.05]', [[10, 'b']]],
    ['[a:b:0]', [[10, 'b']]],
    ['[a:b:-1]', [[10, 'b']]],
    ['[a:b:12]', [[10, 'a']]],
    ['x [a:3]', [[3, 'x '], [10, 'x a']]],
    ['x [a::3]', [[3, 'x a'], [10, 'x ']]],
    ['[[a|b]:c:0.5]', [[1, 'a'], [2, 'b'], [3, 'a'], [4, 'b'], [5, 'a'], [6, 'c'], [7, 'c'], [8, 'c'], [9, 'c'], [10, 'c']]],
    ['a[b:[c:d:2]:1]e', [[1, 'abe'], [2, 'ace'], [10, 'ade']]],
    ['[a:b:c:0.5]', [[10, '[a:b:c:0.5]']]],
    ['[a:b]', [[10, '[a:b]']]],
  ])('%s', (text, expected) => expect(schedule(text)).toEqual(expected));

  it('alternates step by step', () => {
    expect(
      schedule('[a|b|c] x')
        .map(([, text]) => text)
        .slice(0, 4),
    ).toEqual(['a x', 'b x', 'c x', 'a x']);
    expect(
      schedule('[fe|]male')
        .map(([, text]) => text)
        .slice(0, 2),
    ).toEqual(['female', 'male']);
  });

  it.each([
    ['[a:b:0.5]', [[20, 'b']]],
    [
      '[a:b:1.5]',
      [
        [10, 'a'],
        [20, 'b'],
      ],
    ],
    [
      '[a:b:15]',
      [
        [5, 'a'],
        [20, 'b'],
      ],
    ],
  ])('%s in a second pass of 20', (text, expected) =>
    expect(schedule(text, { calls: 20, firstPassCalls: 10 })).toEqual(expected),
  );

  it('gives the first text one call more, and alternation a, a, b, a, b', () => {
    const texts = (text: string): string[] => {
      const entries = parseSchedule(text, { calls: 10 });
      return Array.from({ length: 10 }, (_, call) => entryAt(entries, call).text);
    };
    expect(texts('[a:b:5]').join('')).toBe('aaaaaabbbb');
    expect(texts('[a|b]').join('')).toBe('aababababa');
    expect(entryAt(parseSchedule('[a:b:5]', { calls: 10 }), 11).text).toBe('a');
  });
});

describe('AND', () => {
  it.each([
    [
      'a :1.2 AND b:0.5',
      [
        ['a', 1.2],
        [' b', 0.5],
      ],
    ],
    ['cat:1.2', [['cat', 1.2]]],
    ['aspect 16:9', [['aspect 16', 9]]],
    ['(cat:1.2)', [['(cat:1.2)', 1]]],
    ['a BAND b', [['a BAND b', 1]]],
  ])('%s', (text, expected) => expect(pairs(splitComposition(text))).toEqual(expected));
});
