/** Prompts as A1111 and ComfyUI read them, through the command line. */
import { describe, expect, it } from 'vitest';
import { ask, run } from './testing/ask';

interface Entry {
  until: number;
  segments: ({ text: string; weight: number } | { break: true })[];
}
interface Answer {
  schedule: Entry[];
  parts?: { weight: number; schedule: Entry[] }[];
  networks?: object[];
}

const ANY_LETTER = { text: 'a', weight: 1 };

/** [until, text] of each entry; weights left out. */
const texts = ({ schedule }: Answer) =>
  schedule.map(({ until, segments }) => [until, segments.map((part) => ('text' in part ? part.text : '|')).join('')]);

describe('prompt', () => {
  it('answers in the documented form', async () => {
    const answer = await ask<Answer>('prompt --steps 20', 'a (cat:1.2) [dog|fox:0.5]');
    // A number ends no alternation: A1111 takes the brackets for emphasis.
    expect(answer).toEqual({
      schedule: [
        {
          until: 20,
          segments: [
            { text: 'a ', weight: 1 },
            { text: 'cat', weight: 1.2 },
            { text: ' ', weight: 1 },
            { text: 'dog|fox:0.5', weight: 1 / 1.1 },
          ],
        },
      ],
    });
  });

  it.each([
    [
      'a [b:c:0.4] d',
      '',
      [
        [4, 'a b d'],
        [10, 'a c d'],
      ],
    ],
    [
      '[a:b:1]',
      '',
      [
        [1, 'a'],
        [10, 'b'],
      ],
    ],
    ['[a:b:1.0]', '', [[10, 'a']]],
    ['[a:b:0.05]', '', [[10, 'b']]],
    [
      '[a:b:5]',
      ' --sampler heun',
      [
        [5, 'a'],
        [20, 'b'],
      ],
    ],
    [
      '[a:b:0.5]',
      ' --sampler heun',
      [
        [10, 'a'],
        [20, 'b'],
      ],
    ],
    [
      '[a:b:15]',
      ' --first-steps 10',
      [
        [5, 'a'],
        [10, 'b'],
      ],
    ],
    ['[a:b:0.5]', ' --dialect comfyui', [[10, '[a:b:0.5]']]],
    [
      'a[b:[c:d:2]:1]e',
      ' --negative',
      [
        [1, 'abe'],
        [2, 'ace'],
        [10, 'ade'],
      ],
    ],
  ])('%s%s switches in time', async (text, more, expected) => {
    expect(texts(await ask<Answer>(`prompt --steps 10${more}`, text))).toEqual(expected);
  });

  it('alternates step by step', async () => {
    const answer = texts(await ask<Answer>('prompt --steps 4', '[fe|]male'));
    expect(answer).toEqual([
      [1, 'female'],
      [2, 'male'],
      [3, 'female'],
      [4, 'male'],
    ]);
  });

  it('marks BREAK', async () => {
    const { schedule } = await ask<Answer>('prompt', 'a BREAK b');
    expect(schedule).toEqual([{ until: 20, segments: [ANY_LETTER, { break: true }, { text: 'b', weight: 1 }] }]);
    const comfy = await ask<Answer>('prompt --dialect comfyui', '(BREAK:-1)');
    expect(comfy.schedule[0].segments).toEqual([{ text: 'BREAK', weight: -1 }]);
  });

  it('weighs as each dialect does', async () => {
    const weights = async (more: string) => {
      const { schedule } = await ask<Answer>(`prompt${more}`, '((x:1.3))');
      return schedule[0].segments;
    };
    expect(await weights('')).toEqual([{ text: 'x', weight: 1.1 * 1.3 }]);
    expect(await weights(' --dialect comfyui')).toEqual([{ text: 'x', weight: 1.3 }]);
    expect(await weights(' --emphasis none')).toEqual([{ text: '((x:1.3))', weight: 1 }]);
    expect(await weights(' --emphasis No-norm')).toEqual([{ text: 'x', weight: 1.1 * 1.3 }]);
  });

  it('lists parts and networks where there are any', async () => {
    const answer = await ask<Answer>('prompt --steps 4', 'a :1.2 AND b:0.5<lora:x:0.8>');
    expect(answer.parts?.map(({ weight }) => weight)).toEqual([1.2, 0.5]);
    expect(answer.schedule).toEqual(answer.parts?.[0].schedule);
    expect(answer.networks).toEqual([
      { kind: 'lora', name: 'x', textWeight: 0.8, unetWeight: 0.8, raw: '<lora:x:0.8>' },
    ]);
    expect((await ask<Answer>('prompt', 'aspect 16:9')).parts?.[0].weight).toBe(9);
    const negative = await ask<Answer>('prompt --negative', 'a AND b <lora:x:1>');
    expect(negative).toEqual({ schedule: [{ until: 20, segments: [{ text: 'a AND b <lora:x:1>', weight: 1 }] }] });
  });

  it('reads the empty prompt', async () => {
    expect(await ask('prompt', '')).toEqual({ schedule: [{ until: 20, segments: [{ text: '', weight: 1 }] }] });
  });

  it('refuses no prompt, two of them and unknown modes', async () => {
    expect(await run('prompt')).toEqual({ code: 2, problem: 'There is no text; an empty one is "".' });
    expect(await run('prompt a b')).toEqual({ code: 2, problem: 'There is more than one text: put it in quotes.' });
    expect(await run('prompt --emphasis loud a')).toMatchObject({ code: 2 });
  });
});
