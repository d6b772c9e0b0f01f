import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

beforeEach(() => void vi.resetModules());
afterEach(() => void vi.restoreAllMocks());

describe('writesWebp', () => {
  it.each([
    ['data:image/webp;base64,UklG', true],
    ['data:image/png;base64,iVBO', false],
  ])('takes the browser by what it gives (%s), and asks once', async (given, expected) => {
    const asked = vi.spyOn(HTMLCanvasElement.prototype, 'toDataURL').mockReturnValue(given);
    const { writesWebp } = await import('./writes-webp');
    expect([writesWebp(), writesWebp()]).toEqual([expected, expected]);
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
