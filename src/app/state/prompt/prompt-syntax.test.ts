import { describe, expect, it } from 'vitest';
import { parseEmphasis, planPrompt } from '../../../core/prompt';
import { drawTemplate } from '../../../core/wildcards/draw-template';
import { DRAWN_SYNTAX, PROMPT_SYNTAX } from './prompt-syntax';

/** What the engine makes of an example over ten steps. */
const read = (example: string) =>
  planPrompt(example, { dialect: 'a1111', calls: 10 }).parts.map(({ weight, schedule }) => ({
    weight,
    texts: schedule.map(({ until, text }) => [until, parseEmphasis(text, 'a1111')]),
  }));
const plain = (text: string, weight = 1) => [{ text, weight }];

describe('PROMPT_SYNTAX', () => {
  it('is ten lines, and each example does what it says', () => {
    const meanings = Object.fromEntries(PROMPT_SYNTAX.map(({ example }) => [example, read(example)]));
    expect(meanings).toEqual({
      '(word:1.2)': [{ weight: 1, texts: [[10, plain('word', 1.2)]] }],
      '(word)  [word]': [
        { weight: 1, texts: [[10, [...plain('word', 1.1), ...plain('  '), ...plain('word', 1 / 1.1)]]] },
      ],
      '\\(word\\)': [{ weight: 1, texts: [[10, plain('(word)')]] }],
      '[cat:dog:0.5]': [
        {
          weight: 1,
          texts: [
            [5, plain('cat')],
            [10, plain('dog')],
          ],
        },
      ],
      '[dog:0.5]  [cat::0.5]': [
        {
          weight: 1,
          texts: [
            [5, plain('  cat')],
            [10, plain('dog  ')],
          ],
        },
      ],
      '[cat|dog]': [
        {
          weight: 1,
          texts: Array.from({ length: 10 }, (_, i) => [i + 1, plain(i % 2 === 0 ? 'cat' : 'dog')]),
        },
      ],
      'a cat AND a dog:0.8': [
        { weight: 1, texts: [[10, plain('a cat')]] },
        { weight: 0.8, texts: [[10, plain(' a dog')]] },
      ],
      'a cat BREAK a dog': [
        { weight: 1, texts: [[10, [...plain('a cat'), ...plain('BREAK', -1), ...plain('a dog')]]] },
      ],
      '<lora:name:0.8>': [{ weight: 1, texts: [[10, plain('')]] }],
      '# note': [{ weight: 1, texts: [[10, plain('')]] }],
    });
    expect(PROMPT_SYNTAX).toHaveLength(10);
    expect(planPrompt('<lora:name:0.8>', { dialect: 'a1111', calls: 10 }).networks).toMatchObject([
      { kind: 'lora', name: 'name', textWeight: 0.8, unetWeight: 0.8 },
    ]);
  });
});

describe('DRAWN_SYNTAX', () => {
  it('does what it says', () => {
    const drawn = DRAWN_SYNTAX.map(({ example }) =>
      drawTemplate(example, { lists: { name: ['line'] }, random: () => 0 }),
    );
    expect(drawn).toEqual(['red', 'a and b', 'line']);
  });
});
