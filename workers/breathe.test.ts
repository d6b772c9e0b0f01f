import { describe, expect, it } from 'vitest';
import { createBreath } from './breathe';

describe('createBreath', () => {
  /** Browsers deliver in the order of posting; Node up to a thousand of one port before it looks at the next. */
  const MOST_BREATHS = 2000;

  it('lets a message that was posted before have its turn, without a timer', async () => {
    const { port1: page, port2: worker } = new MessageChannel();
    const breathe = createBreath(() => 0);
    let heard = 0;
    worker.onmessage = () => void (heard += 1);
    for (const cancels of [1, 2, 3]) {
      page.postMessage('cancel');
      for (let breaths = 0; breaths < MOST_BREATHS && heard < cancels; breaths++) await breathe();
      expect(heard).toBe(cancels);
    }
    page.close();
  });

  it('resolves all that wait at once, in their order', async () => {
    const breathe = createBreath(() => performance.now());
    const heard: number[] = [];
    await Promise.all([0, 1, 2].map((i) => breathe().then(() => heard.push(i))));
    expect(heard).toEqual([0, 1, 2]);
  });

  it('gives timers their turn every tenth of a second', async () => {
    let clock = 0;
    const breathe = createBreath(() => clock);
    let isDue = false;
    setTimeout(() => (isDue = true));
    const deadline = performance.now() + 20;
    while (performance.now() < deadline) clock += 0; // it is due now, and has not had its turn
    clock = 101;
    await breathe();
    expect(isDue).toBe(true);
  });
});
