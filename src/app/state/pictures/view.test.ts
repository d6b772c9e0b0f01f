import { describe, expect, it } from 'vitest';
import { isPictureView, shownSize } from './view';

const room = { width: 600, height: 500 };

describe('shownSize', () => {
  it('enlarges small pictures by a whole number so that pixels stay square', () => {
    expect(shownSize({ width: 64, height: 64 }, room, 'pixels')).toEqual({ width: 448, height: 448 });
  });

  it('fills the room when smooth, and keeps the shape', () => {
    expect(shownSize({ width: 128, height: 64 }, room, 'smooth')).toEqual({ width: 600, height: 300 });
  });

  it('shrinks what is larger than the room, in both enlarging views', () => {
    for (const view of ['pixels', 'smooth'] as const)
      expect(shownSize({ width: 1024, height: 2000 }, room, view)).toEqual({ width: 256, height: 500 });
  });

  it('leaves the true size alone', () => {
    expect(shownSize({ width: 2048, height: 64 }, room, 'true')).toEqual({ width: 2048, height: 64 });
  });

  it('does not blow small pictures up without end', () => {
    expect(shownSize({ width: 64, height: 64 }, { width: 4000, height: 4000 }, 'smooth').width).toBe(640);
  });

  it('is nothing while the room is not measured', () => {
    expect(shownSize({ width: 64, height: 32 }, { width: 0, height: 0 }, 'pixels')).toEqual({ width: 0, height: 0 });
  });
});

describe('isPictureView', () => {
  it('knows its own words only', () => {
    expect(['pixels', 'toString', 3].map(isPictureView)).toEqual([true, false, false]);
  });
});
