/** The watch over the process that measures. */
import { describe, expect, it, vi } from 'vitest';
import type { CheckMessage, CheckState } from '../check/check-host';
import type { Session } from './run.d.mts';
import { untilDone } from './take-messages.mjs';

vi.spyOn(console, 'log').mockImplementation(() => undefined);

const session = (change: Partial<Session> = {}): Session => ({
  folder: '',
  endsAt: Date.now() + 60_000,
  options: { seconds: 60, isQuick: true, takesSoftware: true, program: 'gesso-test', repeat: '' },
  flags: [],
  dawnOptions: [],
  silenceMs: 60_000,
  ...change,
});

const state = (current?: string): CheckState => ({
  report: { skipped: [] as string[] } as CheckState['report'],
  done: ['self-test'],
  ...(current === undefined ? {} : { current }),
});

/** Processes that say these things and then end, one after another; `stay` makes one that never ends by itself. */
function processes(...scripts: (CheckMessage | 'stay')[][]) {
  const ended: number[] = [];
  let count = 0;
  const start = (tell: (message: CheckMessage) => void) => {
    const id = count++;
    const script = scripts[id] ?? [];
    const all = script.filter((message): message is CheckMessage => message !== 'stay');
    const end = new Promise<void>((resolve) => {
      setTimeout(() => {
        all.forEach(tell);
        if (!script.includes('stay')) resolve();
      });
    });
    return Promise.resolve({ ended: end, end: () => void ended.push(id) });
  };
  return { start, ended, started: () => count };
}

describe('untilDone', () => {
  it('goes on in a new process where one was taken down, from what it left', async () => {
    const kept = session();
    const { start, ended, started } = processes(
      [{ type: 'state', state: state('unet') }],
      [{ type: 'restart' }],
      [{ type: 'state', state: state() }, { type: 'done' }],
    );
    expect(await untilDone(kept, start)).toBeUndefined();
    expect(started()).toBe(3);
    expect(ended).toEqual([0, 1, 2]);
    expect(kept.state?.current).toBeUndefined();
  });

  it('says why nothing can be measured, and tries no more', async () => {
    const { start, started } = processes([{ type: 'unusable', reason: 'no GPU' }]);
    expect(await untilDone(session(), start)).toBe('no GPU');
    expect(started()).toBe(1);
  });

  it('gives up on a program that ends without a word', async () => {
    expect(await untilDone(session(), processes([]).start)).toMatch(/before anything was measured/);
  });

  it('ends one that has fallen silent', async () => {
    const { start, ended } = processes([{ type: 'state', state: state('unet') }, 'stay'], [{ type: 'done' }]);
    expect(await untilDone(session({ silenceMs: 500 }), start)).toBeUndefined();
    expect(ended).toEqual([0, 1]);
  });

  it('ends one that is late, naming the step', async () => {
    const late = session({ endsAt: Date.now() - 20_000 });
    const { start } = processes([{ type: 'state', state: state('sdxl') }, 'stay']);
    expect(await untilDone(late, start)).toBeUndefined();
    expect(late.state?.report.skipped).toEqual(['sdxl: the time was over before it ended.']);
  });
});
