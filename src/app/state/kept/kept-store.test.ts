import { beforeEach, describe, expect, it, vi } from 'vitest';
import { KeptStore, type StateStore } from './kept-store';
import type { Store } from './storage';

beforeEach(() => void vi.spyOn(console, 'info').mockImplementation(() => undefined));

const settled = () => new Promise((resolve) => setTimeout(resolve));

function disks({ restMs = 0 } = {}) {
  const states = new Map<string, unknown>();
  let copied: Record<string, unknown> = {};
  const shelf: StateStore = {
    readState: (name) => Promise.resolve(states.get(name)),
    writeState: (name, value) => Promise.resolve(void states.set(name, value)),
  };
  const copy: Store = { read: () => copied, write: (values) => void (copied = values) };
  let time = 1000;
  const open = (changes: Partial<StateStore> = {}) =>
    new KeptStore('x', { shelf: { ...shelf, ...changes }, copy, now: () => time++, patienceMs: 20, restMs }).refresh();
  return { states, copy, open, cut: (values: Record<string, unknown>) => void (copied = values) };
}

describe('KeptStore', () => {
  it('takes over what an older version left in localStorage', async () => {
    const { open, copy, states } = disks();
    copy.write({ prompt: 'an old one' });
    const store = await open();
    expect(store.read()).toEqual({ prompt: 'an old one' });
    store.write({ prompt: 'a new one' });
    await settled();
    expect(states.get('x')).toMatchObject({ prompt: 'a new one' });
    expect((await open()).read()).toMatchObject({ prompt: 'a new one' });
  });

  it.each([
    ['empty', {}],
    ['older', { prompt: 'before', at: 5 }],
  ])('has all after a power cut that left the copy %s', async (_, left) => {
    const { open, cut } = disks();
    (await open()).write({ prompt: 'the last' });
    await settled();
    cut(left);
    expect((await open()).read()).toMatchObject({ prompt: 'the last' });
  });

  it('keeps what comes quickly once it rests, and at once where the page may go', async () => {
    const { states, copy, open } = disks({ restMs: 20 });
    const store = await open();
    for (const prompt of ['a', 'a c', 'a cat']) store.write({ prompt });
    await settled();
    expect([store.read(), copy.read(), states.size]).toEqual([{ prompt: 'a cat', at: 1002 }, {}, 0]);
    await vi.waitFor(() => expect(states.get('x')).toMatchObject({ prompt: 'a cat' }));
    store.write({ prompt: 'a cat in' });
    store.flush();
    expect(copy.read()).toMatchObject({ prompt: 'a cat in' });
    await settled();
    expect(states.get('x')).toMatchObject({ prompt: 'a cat in' });
  });

  it('takes the copy where it is newer', async () => {
    const { open, copy } = disks();
    (await open()).write({ prompt: 'on the disk' });
    await settled();
    copy.write({ prompt: 'written as the tab was closed', at: 1e9 });
    expect((await open()).read()).toMatchObject({ prompt: 'written as the tab was closed' });
  });

  it.each<[string, Partial<StateStore>]>([
    [
      'refuses',
      { readState: () => Promise.reject(new Error('no')), writeState: () => Promise.reject(new Error('no')) },
    ],
    ['is mute', { readState: () => new Promise(() => undefined), writeState: () => new Promise(() => undefined) }],
  ])('does without an IndexedDB that %s', async (_, changes) => {
    const { open } = disks();
    (await open(changes)).write({ prompt: 'a cat' });
    expect((await open(changes)).read()).toMatchObject({ prompt: 'a cat' });
  });

  it('writes the newest of what comes while it writes', async () => {
    const { open } = disks();
    const written: unknown[] = [];
    let end: () => void = () => undefined;
    const store = await open({
      writeState: (_, value) => {
        written.push(value['n']);
        return new Promise((resolve) => (end = resolve));
      },
    });
    for (const n of [1, 2, 3]) store.write({ n });
    end();
    await settled();
    expect(written).toEqual([1, 3]);
  });

  it('stands behind what another wrote in its name', async () => {
    const { open, states } = disks();
    const store = await open();
    store.write({ jobs: [1, 2] });
    await settled();
    states.set(...store.entry({ jobs: [2] }));
    expect((await open()).read()).toMatchObject({ jobs: [2] });
  });

  describe('where IndexedDB answers when nobody waits any longer', () => {
    /** Its first answer comes when the test says so. */
    async function openLate(kept: Record<string, unknown>, copied: Record<string, unknown>) {
      const { open, states, cut, copy } = disks();
      states.set('x', kept);
      cut(copied);
      let answer: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => (answer = resolve));
      const store = await open({ readState: (name) => asked.then(() => states.get(name)) });
      const late: unknown[] = [];
      store.onLate((values, there) => void late.push([values, there]));
      return { store, late, states, copy, open, cut, answer: () => (answer(), settled()) };
    }

    it('waits for as long as it is told to', async () => {
      const { open, states } = disks();
      states.set('x', { prompt: 'kept', at: 50 });
      const slow = (name: string) =>
        new Promise((resolve) => setTimeout(() => resolve(states.get(name)), 60)) as Promise<unknown>;
      const store = await open({ readState: slow });
      expect(store.read(), 'after 20 ms').toEqual({});
      expect((await store.refresh(5000)).read()).toEqual({ prompt: 'kept', at: 50 });
    });

    it('writes nothing over what it has not read', async () => {
      const { store, states, answer } = await openLate({ jobs: [1, 2], at: 50 }, {});
      store.write({ jobs: [] });
      await settled();
      expect(states.get('x')).toEqual({ jobs: [1, 2], at: 50 });
      await answer();
      expect(states.get('x'), 'what was written is the newer').toMatchObject({ jobs: [] });
    });

    it('keeps what was changed meanwhile, and all else as it was kept', async () => {
      const kept = { prompt: 'kept', steps: 20, at: 50 };
      const { store, late, states, answer } = await openLate(kept, { prompt: 'older', steps: 8, at: 40 });
      expect(store.read()).toMatchObject({ prompt: 'older' });
      store.write({ prompt: 'typed', steps: 8 });
      await answer();
      expect(late).toEqual([[expect.objectContaining({ prompt: 'typed', steps: 20 }), kept]]);
      expect(states.get('x')).toMatchObject({ prompt: 'typed', steps: 20 });
    });

    it('takes what the reader has made of the copy for no change', async () => {
      const { store, late, answer } = await openLate({ prompt: 'kept', at: 50 }, {});
      store.onLate((values) => void late.push(values), { prompt: '', steps: 8 });
      store.write({ prompt: '', steps: 9 });
      await answer();
      expect(late).toEqual([{ prompt: 'kept', steps: 9, at: 50 }]);
    });

    it('is told what its owner makes of it, in one writing', async () => {
      const { store, states, answer } = await openLate({ jobs: [1], at: 50 }, {});
      store.write({ jobs: [2] });
      const seen: unknown[] = [];
      states.set = (name, value) => (
        seen.push((value as { jobs: unknown }).jobs),
        Map.prototype.set.call(states, name, value)
      );
      store.onLate((_, kept) => store.write({ jobs: [...(kept['jobs'] as number[]), 2] }));
      await answer();
      expect(seen).toEqual([[1, 2]]);
    });

    it('says nothing where it has nothing newer', async () => {
      const { store, late, states, answer } = await openLate({ prompt: 'kept', at: 40 }, { prompt: 'kept', at: 40 });
      store.write({ prompt: 'typed' });
      await answer();
      expect(late).toEqual([]);
      expect(states.get('x')).toMatchObject({ prompt: 'typed' });
    });

    it('has all the same what was kept, where the page was closed before it answered', async () => {
      const { store, open } = await openLate({ prompt: 'kept', at: 50 }, {});
      store.write({ prompt: 'typed blindly' });
      expect((await open()).read()).toEqual({ prompt: 'kept', at: 50 });
    });

    it('has what was kept also after two visits in a row that heard nothing', async () => {
      const { store, open } = await openLate({ prompt: 'kept', at: 50 }, {});
      store.write({ prompt: 'typed blindly' });
      const mute = { readState: () => new Promise<never>(() => undefined) };
      (await open(mute)).write({ prompt: 'and again' });
      expect((await open()).read()).toEqual({ prompt: 'kept', at: 50 });
    });

    it('hears in the second of them of what was kept before the first', async () => {
      const { store, open, states, cut } = await openLate({ prompt: 'kept', steps: 20, at: 50 }, {});
      store.write({ prompt: 'typed blindly', steps: 8 });
      let answer: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => (answer = resolve));
      const second = await open({ readState: (name) => asked.then(() => states.get(name)) });
      const late: unknown[] = [];
      second.onLate((values) => void late.push(values));
      second.write({ prompt: 'again', steps: 8 });
      answer();
      await settled();
      expect(late).toEqual([{ prompt: 'again', steps: 20, at: 50 }]);
      cut({});
      expect((await open()).read()).toMatchObject({ prompt: 'again', steps: 20 });
    });

    it('has what was typed, where the page was closed before it answered with nothing newer', async () => {
      const { store, open } = await openLate({ prompt: 'kept', at: 50 }, { prompt: 'kept', at: 50 });
      store.write({ prompt: 'typed' });
      expect((await open()).read()).toMatchObject({ prompt: 'typed' });
    });
  });
});
