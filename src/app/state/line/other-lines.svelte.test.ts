/** Tabs that live beside each other: each keeps its line, and whoever is left has all of it. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { computer } from '../../testing/line-tabs';
import { MAIN, type LineStore } from './kept-line.svelte';
import { QUEUE_SIZE } from './queue-options';

beforeEach(() => void vi.spyOn(console, 'info').mockImplementation(() => undefined));

describe('two tabs', () => {
  it('keep a line each, and the next visit has both', async () => {
    const { open, settle, kept } = computer();
    const [a, b] = [open(), open()];
    await settle();
    a.ask('of a');
    b.ask('of b', 'more of b');
    await settle();
    expect([kept(MAIN), kept(`${MAIN}-2`)]).toEqual([['of a'], ['of b', 'more of b']]);
    expect([a.line.isKept, b.line.isKept], 'neither is asked about when it closes').toEqual([true, true]);
    a.life.end();
    b.life.end();
    const next = open();
    await settle();
    expect(next.waiting().toSorted()).toEqual(['more of b', 'of a', 'of b']);
    expect(next.queue.isHeld).toBe(true);
    expect([kept(MAIN).toSorted(), kept(`${MAIN}-2`)]).toEqual([['more of b', 'of a', 'of b'], []]);
    expect(next.line.hasOthers).toBe(false);
  });

  it('hand the line on: who is left keeps both under the main name', async () => {
    const { open, settle, kept } = computer();
    const [a, b] = [open(), open()];
    await settle();
    a.ask('of a', 'more of a');
    b.ask('of b');
    await settle();
    a.life.end();
    await settle();
    expect(b.waiting().toSorted()).toEqual(['more of a', 'of a', 'of b']);
    expect([kept(MAIN).toSorted(), kept(`${MAIN}-2`)]).toEqual([b.waiting().toSorted(), []]);
    b.ask('later');
    await settle();
    expect(kept(MAIN)).toContain('later');
    const c = open();
    await settle();
    c.ask('of c');
    await settle();
    expect([c.waiting(), kept(`${MAIN}-2`)], 'the name is free again').toEqual([['of c'], ['of c']]);
  });

  it('hand it to the one that is looked at when the other is closed', async () => {
    const { open, settle, kept } = computer();
    const [a, b] = [open(), open()];
    await settle();
    b.ask('of b');
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect([a.waiting(), kept(`${MAIN}-2`)], 'it lives').toEqual([[], ['of b']]);
    b.life.end();
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect([a.waiting(), kept(MAIN), kept(`${MAIN}-2`)]).toEqual([['of b'], ['of b'], []]);
  });

  it('hand it on where the browser lets go of its name a moment later', async () => {
    const { open, settle, world, kept } = computer();
    const [a, b] = [open(), open()];
    await settle();
    b.ask('of b');
    document.dispatchEvent(new Event('visibilitychange'));
    while (!a.line.hasOthers) await world.run(1);
    b.life.end();
    await settle();
    expect([a.waiting(), kept(`${MAIN}-2`)]).toEqual([['of b'], []]);
  });

  it('leave a line where it is that a living tab has', async () => {
    const { open, settle, kept } = computer();
    const [a, b, c] = [open(), open(), open()];
    await settle();
    b.ask('of b');
    c.ask('of c');
    await settle();
    b.life.end();
    a.life.end();
    await settle();
    expect([c.waiting().toSorted(), kept(`${MAIN}-3`)]).toEqual([['of b', 'of c'], []]);
  });
});

describe('what moves', () => {
  it('stays where it is while the storage refuses, and is in one place alone', async () => {
    const { open, settle, states, kept } = computer();
    const [a, b] = [open(), open()];
    await settle();
    b.ask('of b');
    await settle();
    a.life.end();
    b.life.end();
    const refusing: LineStore = {
      readState: (name) => Promise.resolve(states.get(name)),
      writeState: () => Promise.resolve(),
      moveState: (name, take) => (take(states.get(name)), Promise.reject(new Error('no'))),
    };
    const next = open(refusing);
    await settle();
    expect([next.waiting(), kept(`${MAIN}-2`), next.line.hasOthers]).toEqual([[], ['of b'], true]);
  });

  it('is no more than has room', async () => {
    const { open, settle, kept } = computer();
    const [a, b] = [open(), open()];
    await settle();
    b.ask('of b', 'more of b', 'most of b');
    await settle();
    a.ask(...Array.from({ length: QUEUE_SIZE }, (_, i) => `${i}`));
    await settle();
    b.life.end();
    a.life.end();
    const next = open();
    await settle();
    expect(next.waiting()).toHaveLength(QUEUE_SIZE);
    const all = [...Array.from({ length: QUEUE_SIZE }, (_, i) => `${i}`), 'of b', 'more of b', 'most of b'];
    expect([...next.waiting(), ...kept(`${MAIN}-2`)].toSorted()).toEqual(all.toSorted());
    expect([...kept(MAIN), ...kept(`${MAIN}-2`)].toSorted()).toEqual(all.toSorted());
    expect(next.line.hasOthers, 'what lies there is not tidied away').toBe(true);
  });

  it('is not written again and again while there is no room, and comes when there is', async () => {
    const { open, settle, shelf, kept } = computer();
    const [a, b] = [open(), open()];
    await settle();
    b.ask('of b');
    await settle();
    b.life.end();
    a.life.end();
    let writes = 0;
    const counting: LineStore = {
      ...shelf,
      writeState: (...args) => ((writes += 1), shelf.writeState(...args)),
      moveState: (name, take) =>
        shelf.moveState(name, (value) => {
          const entries = take(value);
          if (entries) writes += 1;
          return entries;
        }),
    };
    const c = open(counting);
    c.ask(...Array.from({ length: QUEUE_SIZE + 1 }, (_, i) => `${i}`));
    await settle();
    const before = writes;
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect([writes - before, kept(`${MAIN}-2`), c.line.hasOthers]).toEqual([0, ['of b'], true]);
    c.queue.clearWaiting();
    c.line.save();
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect([c.waiting().includes('of b'), kept(`${MAIN}-2`), c.line.hasOthers]).toEqual([true, [], false]);
  });

  it('is given up where the main line has no room: it is left to other tabs, and asked for again later', async () => {
    const { open, settle, kept } = computer();
    const [a, b] = [open(), open()];
    await settle();
    a.ask(...Array.from({ length: QUEUE_SIZE }, (_, i) => `${i}`));
    b.ask('of b', 'more of b');
    await settle();
    a.life.end();
    await settle();
    expect([b.waiting(), kept(`${MAIN}-2`), kept(MAIN).length]).toEqual([
      ['of b', 'more of b'],
      ['of b', 'more of b'],
      QUEUE_SIZE,
    ]);
    const c = open();
    await settle();
    expect(c.waiting().toSorted()).toEqual(kept(MAIN).toSorted());
    expect(c.waiting()).toHaveLength(QUEUE_SIZE);
  });
});

describe('a storage that refuses', () => {
  it('keeps nothing of a line that has no copy: closing is asked about, until it takes it', async () => {
    const { open, settle, shelf, kept } = computer();
    open();
    await settle();
    let isFull = true;
    const refusing: LineStore = {
      ...shelf,
      writeState: (...args) => (isFull ? Promise.reject(new Error('no')) : shelf.writeState(...args)),
    };
    const b = open(refusing);
    await settle();
    expect(b.line.isKept).toBe(true);
    b.ask('of b');
    await settle();
    expect([b.line.isKept, kept(`${MAIN}-2`)]).toEqual([false, []]);
    isFull = false;
    b.line.save();
    await settle();
    expect([b.line.isKept, kept(`${MAIN}-2`)]).toEqual([true, ['of b']]);
  });

  it('gives the name back where it cannot be read', async () => {
    const { open, settle, shelf, kept } = computer();
    open();
    await settle();
    const b = open({ ...shelf, readState: () => Promise.reject(new Error('no')) });
    await settle();
    expect(b.line.isKept).toBe(false);
    const c = open();
    await settle();
    c.ask('of c');
    await settle();
    expect(kept(`${MAIN}-2`)).toEqual(['of c']);
  });
});

it('is not whole while a name that a tab has says something', async () => {
  const { open, settle } = computer();
  const [a, b] = [open(), open()];
  await settle();
  expect(await a.line.isWhole()).toBe(true);
  b.ask('of b');
  await settle();
  const asked = a.line.isWhole();
  await settle();
  expect(await asked).toBe(false);
  b.life.end();
  const askedAgain = a.line.isWhole();
  await settle();
  expect([await askedAgain, a.waiting()]).toEqual([true, ['of b']]);
});
