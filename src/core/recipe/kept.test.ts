import { describe, expect, it } from 'vitest';
import { keptShape } from './kept';

const shape = keptShape(
  ({ name, ...rest }) => ({ ...rest, title: name }),
  ({ title, ...rest }) => ({ ...rest, words: String(title).split(' ') }),
);

describe('keptShape', () => {
  it('brings every older version up to the present one, step by step', () => {
    const now = { words: ['a', 'b'], size: 3, version: 3 };
    expect(shape.raise({ name: 'a b', size: 3 })).toEqual(now);
    expect(shape.raise({ version: 1, name: 'a b', size: 3 })).toEqual(now);
    expect(shape.raise({ version: 2, title: 'a b', size: 3 })).toEqual(now);
    expect(shape.raise(now)).toEqual(now);
    expect(shape.open({ name: 'a b', size: 3 })).toEqual({ words: ['a', 'b'], size: 3 });
  });

  it('leaves alone what a newer version wrote, and versions that are none', () => {
    for (const version of [4, 0, -1, 1.5, '2', null]) {
      const other = { version, title: 'x' };
      expect(shape.raise(other)).toBe(other);
    }
  });

  it('stamps what it keeps', () => {
    expect(shape.stamp({ words: [] })).toEqual({ words: [], version: 3 });
    expect(keptShape().stamp({})).toEqual({ version: 1 });
  });
});
