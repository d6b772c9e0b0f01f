import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors';
import type { EngineEvent } from '../../../engine/api';
import { finish, last, queueUnderTest, request, seeds, settled } from '../../testing/queue';
import { readStoredJobs } from './job';
import type { Queue } from './queue.svelte';
import { QUEUE_SIZE } from './queue-options';

const step: EngineEvent = { type: 'step', step: 1, steps: 3, secondsLeft: 2 };
const CANCELLED = new AppError('cancelled', 'Cancelled.');
const waitingSeeds = (queue: Queue) => queue.waiting.map((job) => job.request.seed);

describe('Queue', () => {
  it('makes one after the other, in the order asked for, and tells when all is done', async () => {
    const { queue, turns, deliver, onDone } = queueUnderTest();
    for (const seed of [1, 2, 3]) queue.add(request(seed));
    expect([turns.length, queue.waitingCount]).toEqual([1, 2]);
    for (let i = 0; i < 3; i += 1) await finish(turns);
    expect(seeds(turns)).toEqual([1, 2, 3]);
    expect(deliver).toHaveBeenCalledTimes(3);
    expect(queue.current).toBeUndefined();
    expect(onDone.mock.calls).toEqual([[3]]);
  });

  it('makes the pictures of a batch with seeds that count up', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add(request(7), { count: 3 });
    queue.add(request(1));
    expect([queue.waitingCount, queue.job?.count]).toEqual([3, 3]);
    for (let i = 0; i < 4; i += 1) await finish(turns);
    expect(seeds(turns)).toEqual([7, 8, 9, 1]);
  });

  it('refuses when the line is full', () => {
    const { queue } = queueUnderTest();
    const taken = Array.from({ length: QUEUE_SIZE + 2 }, (_, i) => queue.add(request(i)));
    expect(taken.filter(Boolean)).toHaveLength(QUEUE_SIZE + 1);
    expect(taken.at(-1)).toBe(false);
  });

  it('changes the order and takes out what waits', async () => {
    const { queue, turns } = queueUnderTest();
    for (const seed of [0, 1, 2, 3]) queue.add(request(seed));
    const [one, two, three] = queue.waiting;
    if (!one || !two || !three) throw new Error('three wait');
    queue.move(three.id, -1);
    queue.move(one.id, 1);
    queue.move(one.id, -1);
    queue.move(one.id, -1);
    expect(waitingSeeds(queue)).toEqual([1, 3, 2]);
    queue.remove(three.id);
    await finish(turns);
    await finish(turns);
    expect(seeds(turns)).toEqual([0, 1, 2]);
  });

  it('shows progress of the picture under way alone', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add(request(1), { count: 2 });
    const first = last(turns);
    first.onEvent(step);
    expect(queue.progress.step).toBe(1);
    await finish(turns);
    first.onEvent({ ...step, step: 3 });
    expect(queue.progress.step).toBe(0);
  });

  it('cancels the picture under way, and holds what waits until asked to go on', async () => {
    const { queue, turns, deliver, onDone } = queueUnderTest();
    queue.add(request(1));
    queue.add(request(20));
    queue.cancel();
    expect([queue.isCancelling, queue.isHeld, last(turns).signal.aborted]).toEqual([true, true, true]);
    last(turns).reject(CANCELLED);
    await settled();
    expect([queue.current, queue.failure, queue.isCancelling, queue.wasCancelled]).toEqual([
      undefined,
      undefined,
      false,
      true,
    ]);
    expect([waitingSeeds(queue), onDone.mock.calls.length]).toEqual([[20], 0]);
    queue.add(request(30));
    await finish(turns);
    expect([seeds(turns), queue.current, waitingSeeds(queue)], 'what is held stays').toEqual([
      [1, 30],
      undefined,
      [20],
    ]);
    queue.resume();
    await finish(turns);
    expect(seeds(turns)).toEqual([1, 30, 20]);
    expect(deliver).toHaveBeenCalledTimes(2);
  });

  it('keeps the rest of a cancelled batch, held, and says how many', async () => {
    const { queue, turns, onCancelled } = queueUnderTest();
    queue.add(request(1), { count: 20 });
    queue.add(request(50));
    await finish(turns);
    queue.cancel();
    last(turns).reject(CANCELLED);
    await settled();
    expect(onCancelled.mock.calls).toEqual([[18]]);
    expect([queue.current, queue.waitingCount, queue.isHeld]).toEqual([undefined, 19, true]);
    queue.resume();
    for (let i = 0; i < 19; i += 1) await finish(turns);
    expect(seeds(turns)).toEqual([...Array.from({ length: 20 }, (_, i) => i + 1), 50]);
  });

  it('undoes a cancel: the picture again, and all that was not held before', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add(request(1), { count: 3 });
    queue.add(request(50));
    queue.cancel();
    last(turns).reject(CANCELLED);
    await settled();
    queue.undoCancel();
    for (let i = 0; i < 4; i += 1) await finish(turns);
    expect(seeds(turns)).toEqual([1, 1, 2, 3, 50]);
    queue.undoCancel();
    expect(queue.current, 'once').toBeUndefined();
  });

  it('keeps a failed request in line when an Undo begins another', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add(request(1), { count: 2 });
    queue.add(request(50));
    queue.remove(queue.waiting[0]?.id ?? 0);
    last(turns).reject(new AppError('runtime', 'no'));
    await settled();
    queue.undoForget();
    await settled();
    expect([seeds(turns), waitingSeeds(queue)]).toEqual([[1, 50], [1]]);
    expect(queue.waiting[0]).toMatchObject({ isHeld: true, done: 0, count: 2 });
  });

  it('makes the cancelled picture alone where the others have gone on before it was taken back', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add(request(1), { count: 3 });
    await finish(turns);
    queue.cancel();
    last(turns).reject(CANCELLED);
    await settled();
    queue.resume();
    await finish(turns);
    queue.undoCancel();
    await settled();
    expect(seeds(turns)).toEqual([1, 2, 3, 2]);
    await finish(turns);
    expect([queue.current, queue.waiting]).toEqual([undefined, []]);
  });

  it('ends the batch where the cancel comes while a picture is being kept', async () => {
    let kept: (id: number) => void = () => undefined;
    const deliver = () => new Promise<number>((resolve) => (kept = resolve));
    const { queue, turns, onCancelled } = queueUnderTest({ deliver });
    queue.add(request(1), { count: 3 });
    await finish(turns);
    expect(queue.isDelivering).toBe(true);
    queue.cancel();
    kept(7);
    await settled();
    expect([turns.length, queue.current, queue.waitingCount, queue.isHeld]).toEqual([1, undefined, 2, true]);
    expect(onCancelled.mock.calls).toEqual([[2]]);
  });

  it('puts back what was forgotten, in its order', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add(request(1), { count: 3 });
    for (const seed of [10, 20, 30]) queue.add(request(seed));
    const [, second] = queue.waiting;
    if (!second) throw new Error('three wait');
    queue.remove(second.id);
    queue.undoForget();
    expect(waitingSeeds(queue)).toEqual([10, 20, 30]);
    queue.clearWaiting();
    queue.add(request(40));
    queue.undoForget();
    expect([waitingSeeds(queue), queue.waitingCount]).toEqual([[10, 20, 30, 40], 6]);
    queue.clearWaiting();
    await finish(turns);
    expect(queue.current).toBeUndefined();
    queue.undoForget();
    expect(queue.waitingCount, 'the rest of the batch too').toBe(5);
    await finish(turns);
    expect(seeds(turns)).toEqual([1, 2, 3]);
  });

  it('skips one picture of a batch and goes on', async () => {
    const { queue, turns, deliver } = queueUnderTest();
    queue.add(request(1), { count: 3 });
    queue.skip();
    last(turns).reject(CANCELLED);
    await settled();
    await finish(turns);
    await finish(turns);
    expect([seeds(turns), deliver.mock.calls.length]).toEqual([[1, 2, 3], 2]);
  });

  it('forgets what waits, the rest of the batch too', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add(request(1), { count: 4 });
    queue.add(request(9));
    queue.clearWaiting();
    expect(queue.waitingCount).toBe(0);
    await finish(turns);
    expect([seeds(turns), queue.current]).toEqual([[1], undefined]);
  });

  it('makes what is asked for while a cancel is on its way', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add(request(1));
    queue.cancel();
    queue.add(request(2));
    last(turns).reject(CANCELLED);
    await settled();
    expect(last(turns).work.request.seed).toBe(2);
    expect(queue.isCancelling).toBe(false);
  });

  it('does not show a picture that was finished after the cancel', async () => {
    const { queue, turns, deliver } = queueUnderTest();
    queue.add(request(1));
    queue.cancel();
    await finish(turns);
    expect(deliver).not.toHaveBeenCalled();
    expect(queue.wasCancelled).toBe(true);
  });

  it('holds the others after a failure, and goes on with the failed picture when asked', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add(request(1), { count: 2 });
    queue.add(request(5));
    last(turns).reject(new AppError('device-lost', 'gone'));
    await settled();
    expect(queue.failure).toMatchObject({ error: { code: 'device-lost' }, job: { request: { seed: 1 } } });
    expect([queue.current, waitingSeeds(queue), queue.isHeld]).toEqual([undefined, [5], true]);
    queue.resume();
    expect(queue.failure).toBeUndefined();
    for (let i = 0; i < 3; i += 1) await finish(turns);
    expect(seeds(turns)).toEqual([1, 1, 2, 5]);
  });

  it('lets a new request take the place of the failed picture; the rest of its batch waits', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add(request(1), { count: 2 });
    last(turns).reject(new AppError('bad-request', 'no'));
    await settled();
    queue.add(request(8));
    expect(queue.failure).toBeUndefined();
    await finish(turns);
    expect([seeds(turns), queue.waitingCount, queue.isHeld]).toEqual([[1, 8], 1, true]);
  });

  it('reports a picture that could not be kept', async () => {
    const { queue, turns, deliver } = queueUnderTest();
    deliver.mockRejectedValueOnce(new AppError('out-of-memory', 'no canvas'));
    queue.add(request(1));
    await finish(turns);
    expect(queue.failure?.error.code).toBe('out-of-memory');
  });

  it('makes the cells of a grid, goes on after a cancel, and hands over what there is when it is forgotten', async () => {
    const axes = [
      { id: 'seed', text: '1-2', values: [1, 2].map((seed) => ({ change: { seed }, label: String(seed) })) },
      { id: 'steps', text: '5, 6', values: [5, 6].map((steps) => ({ change: { steps }, label: String(steps) })) },
    ];
    const { queue, turns, onJobEnd } = queueUnderTest();
    queue.add(request(0), { grid: { axes } });
    await finish(turns);
    queue.skip();
    last(turns).reject(CANCELLED);
    await settled();
    await finish(turns);
    expect(onJobEnd).not.toHaveBeenCalled();
    const stored: unknown = JSON.parse(JSON.stringify(queue.toStored()));
    expect(readStoredJobs(stored), 'too little of a request to run').toEqual([]);
    queue.cancel();
    last(turns).reject(CANCELLED);
    await settled();
    expect([onJobEnd.mock.calls.length, queue.waitingCount], 'the cancelled cell is not left out').toEqual([0, 1]);
    queue.clearWaiting();
    expect(onJobEnd, 'it can still be put back').not.toHaveBeenCalled();
    queue.letForgottenGo();
    expect(turns.map(({ work }) => [work.request.seed, work.request.steps])).toEqual([
      [1, 5],
      [2, 5],
      [1, 6],
      [2, 6],
    ]);
    expect(onJobEnd).toHaveBeenCalledTimes(1);
    expect(onJobEnd.mock.calls[0]).toMatchObject([{ made: [1, null, 2] }]);
  });

  it('asks again and again while it is to go on forever, until a cancel', async () => {
    let seed = 100;
    const { queue, turns } = queueUnderTest({ again: () => ({ request: request((seed += 1)) }) });
    queue.isForever = true;
    queue.add(request(1));
    await finish(turns);
    await finish(turns);
    queue.add(request(5));
    await finish(turns);
    expect(seeds(turns)).toEqual([1, 101, 102, 5]);
    queue.cancel();
    last(turns).reject(CANCELLED);
    await settled();
    expect([queue.isForever, queue.current]).toEqual([false, undefined]);
  });
});
