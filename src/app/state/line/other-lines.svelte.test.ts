/** Tabs that live beside each other: each keeps its line, and whoever is left has all of it. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CATALOG } from '../../testing/catalog';
import { Life, World } from '../../testing/replay/world';
import { SharedLocks } from '../../testing/replay/locks';
import { KeptStore } from '../kept/kept-store';
import { Settings } from '../settings/settings.svelte';
import { keepInOneTab, KeptLine, MAIN, type LineShelf } from './kept-line.svelte';
import { Queue } from './queue.svelte';
import { QUEUE_SIZE } from './queue-options';

await import('./other-lines');

type Values = Record<string, unknown>;
const request = { ...new Settings(CATALOG).toRequest(), seed: 1 };
const promptsOf = (kept: unknown): string[] =>
  ((kept as { jobs?: { request: { prompt: string } }[] } | undefined)?.jobs ?? []).map(
    ({ request: { prompt } }) => prompt,
  );

/** What is there while no tab is; in the order in which it is asked. */
function computer() {
  const world = new World(() => 0.5);
  const locks = new SharedLocks(world);
  const states = new Map<string, Values>();
  const shelf: LineShelf = {
    readState: (name) => Promise.resolve(states.get(name)),
    writeState: (name, value) => Promise.resolve(void states.set(name, structuredClone(value))),
    moveState: (name, take) => {
      for (const [key, value] of take(states.get(name)) ?? []) states.set(key, structuredClone(value) as Values);
      return Promise.resolve();
    },
  };
  function open(own: LineShelf = shelf) {
    const life = new Life();
    const [model] = CATALOG.models;
    const queue = new Queue({
      engine: { generate: () => new Promise<never>(() => undefined) },
      findModel: () => model as NonNullable<typeof model>,
      deliver: () => Promise.resolve(1),
    });
    let copied: Values = {};
    const copy = { read: () => copied, write: (values: Values) => void (copied = values) };
    const line = new KeptLine(queue, new KeptStore(MAIN, { shelf: own, copy, patienceMs: 10 }));
    keepInOneTab(line, locks.for(life) as LockManager, own);
    const waiting = () => promptsOf({ jobs: queue.toStored() });
    const ask = (...prompts: string[]): void => {
      for (const prompt of prompts) queue.add({ ...request, prompt });
      line.save();
    };
    return { line, queue, life, waiting, ask };
  }
  /** All that is under way ends. */
  async function settle(): Promise<void> {
    for (let i = 0; i < 60; i += 1) {
      await world.run(10);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return { open, settle, states, kept: (name: string) => promptsOf(states.get(name)) };
}

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
    const refusing: LineShelf = {
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
    expect(next.waiting().length + kept(`${MAIN}-2`).length).toBe(QUEUE_SIZE + 3);
  });
});
