import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../core/errors';
import type { EngineEvent, EventListener, GeneratedPicture } from '../../engine/api';
import { CATALOG } from '../testing/catalog';
import type { Work } from './engine-session.svelte';
import { QUEUE_SIZE, Queue } from './queue.svelte';

interface Turn {
  work: Work;
  onEvent: EventListener;
  signal: AbortSignal;
  resolve(picture: GeneratedPicture): void;
  reject(reason: unknown): void;
}

const step: EngineEvent = { type: 'step', step: 1, steps: 3, secondsLeft: 2 };
const work = (seed: number): Work => ({ model: CATALOG.models[0], request: { seed, steps: 3 } as Work['request'] });
const settled = () => new Promise((resolve) => setTimeout(resolve));

/** An engine whose generations end when the test says so. */
function queueUnderTest() {
  const turns: Turn[] = [];
  const deliver = vi.fn(() => Promise.resolve());
  const generate = (job: Work, onEvent: EventListener, signal: AbortSignal) =>
    new Promise<GeneratedPicture>((resolve, reject) => turns.push({ work: job, onEvent, signal, resolve, reject }));
  return { queue: new Queue({ generate }, deliver), turns, deliver };
}
const last = (turns: Turn[]): Turn => {
  const turn = turns.at(-1);
  if (!turn) throw new Error('nothing was begun');
  return turn;
};
const done = {} as GeneratedPicture;

describe('Queue', () => {
  it('makes one after the other, in the order asked for', async () => {
    const { queue, turns, deliver } = queueUnderTest();
    for (const seed of [1, 2, 3]) queue.add(work(seed));
    expect([turns.length, queue.waiting.length]).toEqual([1, 2]);
    for (let i = 0; i < 3; i += 1) {
      last(turns).resolve(done);
      await settled();
    }
    expect(turns.map((turn) => turn.work.request.seed)).toEqual([1, 2, 3]);
    expect(deliver).toHaveBeenCalledTimes(3);
    expect(queue.current).toBeUndefined();
  });

  it('refuses visibly when the line is full', () => {
    const { queue } = queueUnderTest();
    const taken = Array.from({ length: QUEUE_SIZE + 2 }, (_, i) => queue.add(work(i)));
    expect(taken.filter(Boolean)).toHaveLength(QUEUE_SIZE + 1);
    expect(taken.at(-1)).toBe(false);
  });

  it('shows progress of the picture under way alone', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add(work(1));
    queue.add(work(2));
    const first = last(turns);
    first.onEvent(step);
    expect(queue.progress.step).toBe(1);
    first.resolve(done);
    await settled();
    first.onEvent({ ...step, step: 3 });
    expect(queue.progress.step).toBe(0);
  });

  it('cancels what is under way and what waits, and is ready again', async () => {
    const { queue, turns, deliver } = queueUnderTest();
    queue.add(work(1));
    queue.add(work(2));
    queue.cancel();
    expect([queue.isCancelling, queue.waiting.length, last(turns).signal.aborted]).toEqual([true, 0, true]);
    last(turns).reject(new AppError('cancelled', 'Cancelled.'));
    await settled();
    expect([queue.current, queue.failure, queue.isCancelling, queue.wasCancelled]).toEqual([
      undefined,
      undefined,
      false,
      true,
    ]);
    expect(queue.add(work(3))).toBe(true);
    last(turns).resolve(done);
    await settled();
    expect(deliver).toHaveBeenCalledTimes(1);
  });

  it('makes what is asked for while a cancel is on its way', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add(work(1));
    queue.cancel();
    queue.add(work(2));
    last(turns).reject(new AppError('cancelled', 'Cancelled.'));
    await settled();
    expect(last(turns).work.request.seed).toBe(2);
    expect(queue.isCancelling).toBe(false);
  });

  it('does not show a picture that was finished after the cancel', async () => {
    const { queue, turns, deliver } = queueUnderTest();
    queue.add(work(1));
    queue.cancel();
    last(turns).resolve(done);
    await settled();
    expect(deliver).not.toHaveBeenCalled();
    expect(queue.wasCancelled).toBe(true);
  });

  it('keeps the failure with its work, says how many were dropped, and goes on when asked', async () => {
    const { queue, turns } = queueUnderTest();
    for (const seed of [1, 2, 3]) queue.add(work(seed));
    last(turns).reject(new AppError('device-lost', 'gone'));
    await settled();
    expect(queue.failure).toMatchObject({ error: { code: 'device-lost' }, dropped: 2, work: { request: { seed: 1 } } });
    expect(queue.current).toBeUndefined();
    queue.add(work(4));
    expect(queue.failure).toBeUndefined();
  });

  it('reports a picture that could not be kept', async () => {
    const { queue, turns, deliver } = queueUnderTest();
    deliver.mockRejectedValueOnce(new AppError('out-of-memory', 'no canvas'));
    queue.add(work(1));
    last(turns).resolve(done);
    await settled();
    expect(queue.failure?.error.code).toBe('out-of-memory');
  });
});
