/** What was removed goes once, and only while nobody wants it back. */
import { describe, expect, it } from 'vitest';
import { Removals } from './removals.svelte';

function create(ids: string[] = []) {
  const calls: string[] = [];
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const removals = new Removals(
    {
      api: {
        delete: (id) => {
          calls.push(id);
          return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
        },
      },
      keep: () => undefined,
      onGone: (id) => void calls.push(`gone ${id}`),
    },
    ids,
  );
  const next = async (error?: Error): Promise<void> => {
    const one = waiting.shift();
    if (error) one?.reject(error);
    else one?.resolve();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { removals, calls, next };
}

describe('Removals', () => {
  it('leaves a model that is taken back while another is deleted', async () => {
    const { removals, calls, next } = create(['a', 'b']);
    const done = removals.settle();
    removals.takeBack('b');
    await next();
    await done;
    expect(calls).toEqual(['a', 'gone a']);
    expect(removals.ids).toEqual([]);
  });

  it('deletes each once, whoever asks meanwhile', async () => {
    const { removals, calls, next } = create(['a']);
    const first = removals.settle();
    removals.add('b');
    const both = Promise.all([first, removals.settle()]);
    await next();
    await next();
    await both;
    expect(calls).toEqual(['a', 'gone a', 'b', 'gone b']);
  });

  it('leaves one that is removed while another is deleted', async () => {
    const { removals, calls, next } = create(['a']);
    const done = removals.settle();
    removals.add('b');
    await next();
    await done;
    expect([calls, removals.ids]).toEqual([['a', 'gone a'], ['b']]);
  });

  it('does not give back what is being deleted', async () => {
    const { removals, next } = create();
    let isBack = false;
    removals.add('a', () => (isBack = true));
    const done = removals.settle();
    expect(removals.isGoing('a')).toBe(true);
    removals.takeBack('a');
    expect([isBack, removals.has('a')]).toEqual([false, true]);
    await next();
    await done;
    expect([removals.isGoing('a'), removals.ids]).toEqual([false, []]);
  });

  it('lists a model again that cannot be deleted, and goes on when it is asked to', async () => {
    const { removals, calls, next } = create(['a', 'b']);
    const failed = expect(removals.settle()).rejects.toThrow('in use');
    await next(new Error('in use'));
    await failed;
    expect(removals.ids).toEqual(['b']);
    const done = removals.settle();
    await next();
    await done;
    expect(calls).toEqual(['a', 'b', 'gone b']);
  });
});
