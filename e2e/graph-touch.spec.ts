/** A graph under fingers: moved, pinched, held for a new node, a node dragged, sockets joined by a drag. */
import type { CDPSession, Locator, Page } from '@playwright/test';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';

type Point = readonly [x: number, y: number];

test.use({ viewport: { width: 820, height: 1100 }, hasTouch: true, isMobile: true, colorScheme: 'dark' });

/** Fingers that go together from places to places, in eight moves. */
async function swipe(fingers: CDPSession, from: readonly Point[], to: readonly Point[]): Promise<void> {
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]) =>
    fingers.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  await send('touchStart', from);
  for (let i = 1; i <= 8; i++)
    await send(
      'touchMove',
      from.map(([x, y], k): Point => [x + ((to[k][0] - x) * i) / 8, y + ((to[k][1] - y) * i) / 8]),
    );
  await send('touchEnd', []);
}

async function middleOf(what: Locator): Promise<Point> {
  const box = await what.boundingBox();
  if (!box) throw new Error('It is not in sight.');
  return [box.x + box.width / 2, box.y + box.height / 2];
}

const box = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
const styleOf = (what: Locator) => what.evaluate((element) => (element as HTMLElement).style.transform);

test('a graph is moved, pinched, added to and joined by touch', async ({ page, context }) => {
  await page.goto('./');
  await app.button(page, 'More ways to generate').tap();
  await page.getByRole('menuitem', { name: 'New graph …' }).tap();
  await page.getByRole('list', { name: 'Templates' }).getByRole('button').first().tap();
  await expect(box(page, 'KSampler')).toBeVisible();
  await app.button(page, 'About').tap();
  const whole = app.button(page, 'Whole graph');
  await whole.tap();
  const fingers = await context.newCDPSession(page);
  const view = page.locator('.svelte-flow__viewport');
  const pane = await page.locator('.svelte-flow__pane').boundingBox();
  const ground: Point = [410, (pane?.y ?? 0) + (pane?.height ?? 0) - 120];

  const before = await styleOf(view);
  await swipe(fingers, [ground], [[ground[0] - 120, ground[1] - 60]]);
  await expect.poll(() => styleOf(view), 'panned').not.toBe(before);
  const [left, right] = [(by: number): Point => [410 - by, ground[1]], (by: number): Point => [410 + by, ground[1]]];
  const small = await styleOf(view);
  await swipe(fingers, [left(40), right(40)], [left(120), right(120)]);
  const zoomOf = (style: string) => Number(/scale\((.+)\)/.exec(style)?.[1]);
  await expect.poll(async () => zoomOf(await styleOf(view)), 'pinched').toBeGreaterThan(zoomOf(small));
  await whole.tap();

  // A finger that is held asks for a node.
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: ground[0], y: ground[1] }] });
  const search = page.getByRole('combobox', { name: 'Find a node' });
  await expect(search).toBeVisible();
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await search.fill('VAEDecodeTiled');
  await page.locator('#node-search-list li').first().tap();
  const added = box(page, 'VAE Decode (Tiled)');
  await expect(added).toBeVisible();
  await whole.tap();

  const sampler = box(page, 'KSampler');
  const place = await styleOf(sampler);
  const title = await middleOf(sampler.locator('.title'));
  await swipe(fingers, [title], [[title[0] + 40, title[1] + 60]]);
  await expect.poll(() => styleOf(sampler), 'dragged').not.toBe(place);

  const edges = page.locator('.svelte-flow__edge');
  const joined = await edges.count();
  const latent = () => middleOf(sampler.locator('.svelte-flow__handle.source'));
  const samples = () => middleOf(added.locator('.svelte-flow__handle.target').first());
  await swipe(fingers, [await latent()], [await samples()]);
  await expect(edges).toHaveCount(joined + 1);
});
