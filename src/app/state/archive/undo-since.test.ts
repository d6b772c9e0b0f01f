import { describe, expect, it } from 'vitest';
import { takenBack, usedSince } from './undo-since';

describe('takenBack', () => {
  it('puts back what is still as it came, and leaves what was changed since', () => {
    const before = { prompt: 'ours', steps: 20, extras: {} };
    const came = { prompt: 'theirs', steps: 9, extras: { a: '1' } };
    expect(takenBack({ before, came, now: { ...came, prompt: 'changed' } })).toEqual({
      prompt: 'changed',
      steps: 20,
      extras: {},
    });
  });

  it('looks into some, and takes out what was not there', () => {
    const before: Record<string, object> = { fields: { a: 1, b: 1 } };
    const came: Record<string, object> = { fields: { a: 2, b: 2, c: 2 }, more: {} };
    const now: Record<string, object> = { fields: { a: 3, b: 2, c: 2, d: 4 }, more: {}, own: {} };
    expect(takenBack({ before, came, now }, ['fields'])).toEqual({ fields: { a: 3, b: 1, d: 4 }, own: {} });
  });

  it.each([
    ['another picture', { picture: 'new' }, { picture: 'new', mask: 'theirs' }],
    ['another mask', { mask: 'new' }, { picture: 'theirs', mask: 'new' }],
    ['no mask', { mask: undefined }, { picture: 'theirs', mask: undefined }],
    ['nothing', {}, { picture: 'ours', mask: 'ours' }],
  ])('leaves what is bound to what was changed since: %s', (_, change, back) => {
    type Form = Record<'picture' | 'mask', string | undefined>;
    const came: Form = { picture: 'theirs', mask: 'theirs' };
    const both = [
      ['mask', 'picture'],
      ['picture', 'mask'],
    ] as const;
    const states = { before: { picture: 'ours', mask: 'ours' }, came, now: { ...came, ...change } };
    expect(takenBack<Form>(states, [], both)).toEqual(back);
  });
});

describe('usedSince', () => {
  it.each([
    [['a', 'b', 'c'], ['a', 'b', 'c'], []],
    [
      ['a', 'b', 'c'],
      ['n', 'c', 'a', 'b'],
      ['n', 'c'],
    ],
    [['a', 'b'], ['b', 'a'], ['b']],
    [[], ['n'], ['n']],
    [['a', 'b', 'c'], ['a', 'c'], []],
  ])('of %j, then %j', (came, now, used) => expect([...usedSince<string>(came, now)]).toEqual(used));
});
