import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { button, click, control, openPage, press, soon, type, type TestPage } from '../../testing/page';

let page: TestPage | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
  document.body.replaceChildren();
});

const cells = () => [...document.querySelectorAll<HTMLButtonElement>('[aria-label="Batch"] button')];
const coming = () => document.querySelectorAll('[aria-label="Batch"] .coming').length;
const alone = () => document.querySelector('img[alt="Generated picture"]');
const seedOf = (node: Element | null | undefined) => /seed (\d+)/.exec(node?.textContent ?? '')?.[1];

function begin(count: string, script: string): TestPage {
  page = openPage(script);
  type('Prompt', 'a red apple');
  type('Seed', '5');
  type('Batch count', count);
  click('Generate');
  return page;
}

describe('a batch', () => {
  it('stands side by side while it is made and afterwards; one is shown alone, and all again', async () => {
    const seen = new Set<string>();
    const watch = new MutationObserver(() => seen.add(`${cells().length} made, ${coming()} coming`));
    watch.observe(document.body, { childList: true, subtree: true });
    begin('3', '5');
    await soon(() => expect([cells().length, coming()]).toEqual([3, 0]));
    watch.disconnect();
    for (const state of ['0 made, 3 coming', '1 made, 2 coming', '2 made, 1 coming']) expect(seen).toContain(state);
    expect(cells().map(seedOf)).toEqual(['5', '6', '7']);
    expect(alone()).toBeNull();
    cells()[1]?.click();
    flushSync();
    await soon(() => expect(alone()).not.toBeNull());
    expect(cells()).toHaveLength(0);
    expect(document.querySelector('[aria-label="About this picture"]')?.getAttribute('data-seed')).toBe('6');
    click('All 3');
    expect(cells()).toHaveLength(3);
  });

  it('is walked by arrows, and is one Tab stop', async () => {
    begin('3', '0');
    await soon(() => expect([cells().length, coming()]).toEqual([3, 0]));
    expect(cells().filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    cells()[0]?.focus();
    press('ArrowRight', {}, document.activeElement ?? document.body);
    await soon(() => expect(seedOf(document.activeElement)).toBe('6'));
    expect(page?.studio.gallery.chosen).toBeUndefined();
  });

  it('keeps the focus where it is shown, alone and all again', async () => {
    begin('3', '0');
    await soon(() => expect([cells().length, coming()]).toEqual([3, 0]));
    cells()[0]?.focus();
    cells()[0]?.click();
    flushSync();
    await soon(() => expect(document.activeElement?.className).toBe('easel-picture'));
    button('All 3').focus();
    click('All 3');
    await soon(() => expect(document.activeElement).toBe(cells()[0]));
  });

  it('leaves the focus alone that is elsewhere', async () => {
    begin('3', '0');
    await soon(() => expect([cells().length, coming()]).toEqual([3, 0]));
    control('Prompt').focus();
    cells()[1]?.click();
    flushSync();
    await soon(() => expect(alone()).not.toBeNull());
    expect(document.activeElement).toBe(control('Prompt'));
  });

  it('has a menu for its pictures, and none for those to come or beside them', async () => {
    const { studio } = begin('3', '200');
    await soon(() => expect([cells().length, coming()]).toEqual([1, 2]));
    const ask = (node: Element | null | undefined): boolean => {
      const event = new MouseEvent('contextmenu', { bubbles: true, cancelable: true });
      node?.dispatchEvent(event);
      flushSync();
      return event.defaultPrevented && document.querySelector('[role=menu]') !== null;
    };
    const next = document.querySelector('[aria-label="Batch"] .coming');
    expect(ask(next)).toBe(false);
    expect(ask(cells()[0])).toBe(true);
    press('Escape', {}, document.activeElement ?? document.body);
    await soon(() => expect(document.querySelector('[role=menu]')).toBeNull());
    expect(ask(next), 'not the one asked about before').toBe(false);
    studio.cancel();
  });

  it('gives way to the next picture, and leaves out what was deleted', async () => {
    const { studio } = begin('3', '0');
    await soon(() => expect([cells().length, coming()]).toEqual([3, 0]));
    await studio.gallery.remove([studio.gallery.pictures[1]?.id ?? 0]);
    flushSync();
    expect(cells().map(seedOf)).toEqual(['5', '7']);
    type('Batch count', '1');
    click('Generate');
    await soon(() => expect(alone()).not.toBeNull());
    expect(cells()).toHaveLength(0);
    expect(() => button('All 2')).toThrow();
  });

  it('is no batch where one picture is asked for', async () => {
    begin('1', '0');
    await soon(() => expect(alone()).not.toBeNull());
    expect(page?.studio.batch.isShown).toBe(false);
  });
});
