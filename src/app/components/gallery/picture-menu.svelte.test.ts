/** The menu of a picture, on the easel and in the large view. */
import { flushSync } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { click, openPage, press, soon, type, type TestPage } from '../../testing/page';

let page: TestPage | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
});

const items = (): string[] =>
  [...document.querySelectorAll('[role=menuitem]')].map(
    (node) => node.querySelector('span')?.textContent ?? node.textContent.trim(),
  );

it('looks for a workflow in the file when it opens, not before, and offers it above Delete', async () => {
  const { studio } = (page = openPage('0'));
  await studio.start();
  const text = '{"prompt":{"1":{"class_type":"KSampler"}}}';
  const carrying = Object.assign(new Blob([text]), {
    arrayBuffer: () => Promise.resolve(new TextEncoder().encode(text).buffer),
  });
  const file = vi.spyOn(studio.gallery, 'file').mockResolvedValue(new Blob(['png']));
  type('Prompt', 'a cat');
  click('Generate');
  const picture = (): Element | null => document.querySelector('img[alt="Generated picture"]');
  await soon(() => expect(picture()).not.toBeNull());
  await soon(() => expect(studio.queue.current).toBeUndefined());
  file.mockClear();
  file.mockResolvedValue(carrying);

  picture()?.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
  flushSync();
  await soon(() => expect(items().slice(-2)).toEqual(['Show as a graph', 'Delete']));
  expect(file).toHaveBeenCalledOnce();
  press('Escape', {}, document.activeElement ?? document.body);
});

it('opens in the large view too, without what is there already, and its keys are its own', async () => {
  const { studio } = (page = openPage('0'));
  await studio.start();
  type('Prompt', 'a cat');
  click('Generate');
  await soon(() => expect(studio.gallery.pictures).toHaveLength(1));
  await soon(() => expect(studio.queue.current).toBeUndefined());
  studio.enlarge(studio.gallery.pictures[0]?.id ?? 0);
  const large = (): Element | null => document.querySelector('.lightbox img');
  await soon(() => expect(large()).not.toBeNull());

  large()?.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
  flushSync();
  await soon(() => expect(items()).toContain('Save PNG'));
  expect(items()).not.toContain('Open');
  expect(items()).not.toContain('Select');
  press('f', {}, document.querySelector('[role=menuitem]') ?? document.body);
  expect(studio.gallery.pictures[0]?.isFavourite ?? false).toBe(false);
});
