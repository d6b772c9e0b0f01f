import { describe, expect, it } from 'vitest';
import { BackOff, Interrupted } from './back-off';
import { browserPorts } from './download-ports';

const { signal } = new AbortController();

/** Waits take no time and are kept. */
function setUp() {
  const waits: number[] = [];
  const backOff = new BackOff({
    ...browserPorts,
    random: () => 1,
    online: () => Promise.resolve(),
    sleep: (ms) => Promise.resolve(void waits.push(ms)),
  });
  return { backOff, waits };
}
const broken = () => Promise.reject(new Interrupted('the connection broke'));

describe('BackOff', () => {
  it('gives each of several requests at once its full patience', async () => {
    const alone = setUp();
    await expect(alone.backOff.run('x', signal, broken)).rejects.toMatchObject({ code: 'offline' });
    expect(alone.waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);

    const together = setUp();
    const runs = await Promise.allSettled(Array.from({ length: 4 }, () => together.backOff.run('x', signal, broken)));
    expect(runs.every(({ status }) => status === 'rejected')).toBe(true);
    expect(together.waits.toSorted((a, b) => a - b)).toEqual(
      alone.waits.flatMap((ms) => [ms, ms, ms, ms]).toSorted((a, b) => a - b),
    );
  });

  it('begins anew with its patience when something has come, by whichever request', async () => {
    const { backOff, waits } = setUp();
    let tries = 0;
    const task = () => {
      tries += 1;
      if (tries === 3) backOff.progressed();
      return tries < 5 ? broken() : Promise.resolve('here');
    };
    expect(await backOff.run('x', signal, task)).toBe('here');
    expect(waits).toEqual([500, 1000, 500, 1000]);
  });
});
