import { describe, expect, it } from 'vitest';
import { tile } from './tile';

const square = { width: 512, height: 512 };

describe('tile', () => {
  it('lays four squares of a square room two by two', () => {
    expect(tile(4, square, { width: 808, height: 808 }, 8)).toEqual({ columns: 2, width: 400, height: 400 });
  });

  it('lays four squares of a wide room in a row', () => {
    expect(tile(4, square, { width: 1624, height: 420 }, 8)).toEqual({ columns: 4, width: 400, height: 400 });
  });

  it.each([1, 2, 3, 5, 7, 9, 16, 30])('lets %i of any shape neither overlap nor leave the room', (count) => {
    for (const picture of [square, { width: 512, height: 768 }, { width: 1024, height: 576 }]) {
      const room = { width: 1000, height: 640 };
      const { columns, width, height } = tile(count, picture, room, 8);
      expect(columns * (width + 8) - 8).toBeLessThanOrEqual(room.width);
      expect(Math.ceil(count / columns) * (height + 8) - 8).toBeLessThanOrEqual(room.height);
    }
  });

  it('stays large enough for a finger, as many as there are', () => {
    expect(tile(100, square, { width: 358, height: 358 }, 8)).toEqual({ columns: 4, width: 72, height: 72 });
  });
});
