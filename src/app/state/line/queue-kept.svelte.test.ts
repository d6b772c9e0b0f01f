import { describe, expect, it } from 'vitest';
import { finish, queueUnderTest, request, seeds, settled } from '../../testing/queue';
import type { StoredJob } from './job';
import type { Queue } from './queue.svelte';
import type { QueueOptions } from './queue-options';

describe('Queue, what is kept of it', () => {
  it('gives the line as it is once the picture is kept, to be written with it', async () => {
    const lines: unknown[] = [];
    const deliver: QueueOptions['deliver'] = (_picture, _work, _notices, lineAfter) => {
      lines.push(lineAfter(9).map(({ request: { seed }, done, count }) => [seed, done, count]));
      return Promise.resolve(9);
    };
    const { queue, turns } = queueUnderTest({ deliver });
    queue.add(request(1), { count: 2 });
    queue.add(request(5));
    for (let i = 0; i < 3; i += 1) await finish(turns);
    expect(lines).toEqual([
      [
        [1, 1, 2],
        [5, 0, 1],
      ],
      [[5, 0, 1]],
      [],
    ]);
  });

  it('keeps in line what is shown and not kept yet, also in the line that goes with an earlier picture', async () => {
    const delivered: { lineAfter: (id: number) => StoredJob[]; settle: () => void }[] = [];
    const deliver: QueueOptions['deliver'] = (_picture, _work, _notices, lineAfter, settle) =>
      Promise.resolve(-delivered.push({ lineAfter, settle }));
    const { queue, turns } = queueUnderTest({ deliver });
    const inLine = (jobs = queue.toStored()) => jobs.map(({ request: { seed }, done, count }) => [seed, done, count]);
    queue.add(request(1), { count: 3 });
    for (let i = 0; i < 2; i += 1) await finish(turns);
    const [first, second] = delivered;
    if (!first || !second) throw new Error('two are made');
    const third = [1, 2, 3];
    expect(inLine()).toEqual([third, [1, 0, 1], [2, 0, 1]]);
    expect(queue.toStored().map(({ isShown }) => isShown)).toEqual([undefined, true, true]);
    expect(inLine(first.lineAfter(7))).toEqual([third, [2, 0, 1]]);
    expect([inLine(), queue.isDelivering], 'not written while it is not decided').toEqual([
      [third, [1, 0, 1], [2, 0, 1]],
      true,
    ]);
    first.settle();
    expect([inLine(), queue.isDelivering]).toEqual([[third, [2, 0, 1]], false]);
    second.settle(); // refused
    expect(inLine()).toEqual([third]);
  });

  it('keeps in line what is not kept yet, also in the line of the picture that is kept now, and nothing that was refused', async () => {
    const answers: ((id: number) => void)[] = [];
    const delivered: Parameters<QueueOptions['deliver']>[] = [];
    const deliver = (...all: Parameters<QueueOptions['deliver']>) => {
      delivered.push(all);
      return new Promise<number>((resolve) => answers.push(resolve));
    };
    const { queue, turns } = queueUnderTest({ deliver });
    const inLine = (jobs: StoredJob[]) => jobs.map(({ request: { seed }, done, count }) => [seed, done, count]);
    queue.add(request(1), { count: 3 });
    await finish(turns);
    answers[0]?.(-1);
    await settled();
    await finish(turns);
    const [, second] = delivered;
    if (!second) throw new Error('it is being kept');
    const [, , , lineAfter, settle] = second;
    expect(inLine(lineAfter(-2))).toEqual([
      [1, 2, 3],
      [1, 0, 1],
    ]);
    settle(); // refused, before the next begins
    answers[1]?.(-2);
    await settled();
    expect(inLine(queue.toStored())).toEqual([
      [1, 2, 3],
      [1, 0, 1],
    ]);
  });

  it('keeps over a reload what is not made, held until asked for', async () => {
    const { queue, turns } = queueUnderTest();
    queue.add({ ...request(1), prompt: 'a' }, { count: 3 });
    queue.add(request(9));
    await finish(turns);
    const stored: unknown = JSON.parse(JSON.stringify(queue.toStored()));
    const again = queueUnderTest();
    again.queue.restore(stored as ReturnType<Queue['toStored']>);
    expect([again.turns.length, again.queue.waitingCount, again.queue.isHeld]).toEqual([0, 3, true]);
    again.queue.resume();
    for (let i = 0; i < 3; i += 1) await finish(again.turns);
    expect(seeds(again.turns)).toEqual([2, 3, 9]);
    expect(again.queue.toStored()).toEqual([]);
  });
});
