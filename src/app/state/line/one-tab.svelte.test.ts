/** A tab that is loaded again while others live: it has its own line. */
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { computer } from '../../testing/line-tabs';
import { Life } from '../../testing/replay/world';
import { MAIN } from './kept-line.svelte';
import { AGAIN } from './other-lines';

beforeEach(() => void vi.spyOn(console, 'info').mockImplementation(() => undefined));

describe('a tab that is loaded again', () => {
  it('has its own line, though the first name is free', async () => {
    const { open, settle, kept } = computer();
    const [, b, c] = [open(), open(), open()];
    await settle();
    c.ask('of c');
    await settle();
    b.life.end();
    c.life.end();
    const again = open(undefined, c.session);
    await settle();
    expect([again.waiting(), kept(`${MAIN}-3`)]).toEqual([['of c'], ['of c']]);
  });

  it('finds another name where a duplicated tab has it', async () => {
    const { open, settle, kept } = computer();
    const [, b] = [open(), open()];
    await settle();
    b.ask('of b');
    const copy = open(undefined, new Map(b.session));
    await settle();
    copy.ask('of the copy');
    await settle();
    expect([kept(`${MAIN}-2`), kept(`${MAIN}-3`)]).toEqual([['of b'], ['of the copy']]);
  });

  it('keeps the main line, where the other tab waits for it', async () => {
    const { open, settle, world, kept } = computer();
    const [a, b] = [open(), open()];
    await settle();
    a.ask('of a');
    b.ask('of b');
    await settle();
    a.life.end();
    await world.run(1);
    const again = open(undefined, a.session);
    await settle();
    expect([again.waiting(), b.waiting()]).toEqual([['of a'], ['of b']]);
    expect([kept(MAIN), kept(`${MAIN}-2`)]).toEqual([['of a'], ['of b']]);
  });

  it.each([
    [30_000, ['of a'], ['of b']],
    [600_000, [], ['of a', 'of b']],
  ])('keeps the main line also where its scripts take %i ms, but not for ever', async (ms, ofAgain, ofBeside) => {
    const { open, settle, world, locks } = computer();
    const [a, b] = [open(), open()];
    await settle();
    a.ask('of a');
    b.ask('of b');
    await settle();
    a.life.end();
    const loading = new Life();
    runThemeScript(a.session, locks.for(loading));
    let isOver = false;
    world.after(ms, () => (isOver = true));
    await world.run(Infinity, () => isOver);
    const again = open(undefined, a.session);
    await settle();
    loading.end();
    await settle();
    expect([again.waiting(), b.waiting().toSorted()]).toEqual([ofAgain, ofBeside]);
  });

  it('lets go of the name that says so when it has asked for the line, also where another tab has that', async () => {
    const { open, settle, locks, world } = computer();
    const a = open();
    await settle();
    const copy = new Life();
    runThemeScript(new Map(a.session), locks.for(copy));
    await world.run(10);
    let isFree = false;
    void locks.for(new Life()).request(AGAIN, () => void (isFree = true));
    await settle();
    expect(isFree, 'while its scripts come').toBe(false);
    open(undefined, new Map(a.session));
    await settle();
    expect(isFree).toBe(true);
  });
});

/** What public/theme.js does in a tab before the scripts are here. */
function runThemeScript(session: Map<string, string>, locks: Pick<LockManager, 'request'>): void {
  const run = new Function('sessionStorage', 'navigator', readFileSync('public/theme.js', 'utf8')) as (
    ...args: unknown[]
  ) => void;
  run({ getItem: (key: string) => session.get(key) ?? null }, { locks });
}
