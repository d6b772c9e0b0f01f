import { describe, expect, it } from 'vitest';
import { createBreath } from './breathe';

describe('createBreath', () => {
  it('lets others have their turn, each time', async () => {
    const breathe = createBreath(() => performance.now());
    const heard: string[] = [];
    for (let i = 0; i < 3; i++) {
      queueMicrotask(() => void heard.push(`told ${i}`));
      await breathe();
      heard.push(`went on ${i}`);
    }
    expect(heard).toEqual(['told 0', 'went on 0', 'told 1', 'went on 1', 'told 2', 'went on 2']);
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
