/** One build, measured once: opening, typing while painting, scrolling a thousand pictures, painting on a large canvas. */
import { chromium } from '@playwright/test';
import { findBrowser } from '../lib/browser.mjs';
import { chromiumArgs } from '../lib/chromium-args.mjs';
import { button, fillRecipe, number, textbox } from '../lib/drive-app.mjs';
import { loadTypeScript } from '../lib/load-typescript.mjs';
import { serve } from '../lib/serve.mjs';
import { openLargeGraph } from './graph.mjs';
import { paintLarge } from './painting.mjs';

/** @typedef {import('@playwright/test').Page} Page */

/**
 * Milliseconds, but for `openingTasks` (how many took over 50 ms), `shift`, and what of a hundred frames came late.
 * @typedef {object} Felt
 * @property {number} openingLongest
 * @property {number} openingTasks
 * @property {number} painted
 * @property {number} shift
 * @property {number} typingMedian
 * @property {number} typingP95
 * @property {number} typingWorst
 * @property {number} galleryOpens
 * @property {number} galleryMedian
 * @property {number} galleryP95
 * @property {number} galleryWorst
 * @property {number} graphOpens
 * @property {number} maskMedian
 * @property {number} maskP95
 * @property {number} maskLate
 * @property {number} sketchMedian
 * @property {number} sketchP95
 * @property {number} sketchLate
 */

const PICTURES = 1000;
const TYPED = 'a green frog sitting on a yellow umbrella, ';
/** Milliseconds between keys of somebody who types quickly. */
const KEY_MS = 110;
const SCROLL_MS = 5000;

/** @param {string} dist @returns {Promise<Felt>} */
export async function measureFelt(dist) {
  const server = await serve({ dir: dist, port: 0 });
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: chromiumArgs('none') });
  try {
    const page = await browser.newPage({ serviceWorkers: 'block', viewport: { width: 1280, height: 720 } });
    await page.addInitScript(watch);
    const address = `${server.url}?provider=wasm`;
    await open(page, address);
    // What a browser does once for all, compiling above all, is done: the second opening counts.
    await open(page, address);
    const opening = await page.evaluate(readOpening);
    const gallery = await scrollGallery(page, address);
    const frames = spread(gallery.frames);
    await open(page, address);
    const graphOpens = await openLargeGraph(page);
    await open(page, address);
    const typing = spread(await typeWhilePainting(page));
    await open(page, address);
    const { mask, sketch } = await paintLarge(page);
    const [masking, sketching] = [spread(mask.work), spread(sketch.work)];
    return {
      ...opening,
      typingMedian: typing.median,
      typingP95: typing.p95,
      typingWorst: typing.worst,
      galleryOpens: gallery.opens,
      galleryMedian: frames.median,
      galleryP95: frames.p95,
      galleryWorst: frames.worst,
      graphOpens,
      maskMedian: masking.median,
      maskP95: masking.p95,
      maskLate: mask.late,
      sketchMedian: sketching.median,
      sketchP95: sketching.p95,
      sketchLate: sketch.late,
    };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** @param {Page} page @param {string} address */
async function open(page, address) {
  await page.goto(address);
  await page.getByText(/^Ready on/).waitFor({ timeout: 0 });
}

/** Runs in the page, before its own scripts. */
function watch() {
  const felt = { tasks: /** @type {number[]} */ ([]), shift: 0, keys: /** @type {number[]} */ ([]) };
  Object.assign(globalThis, { felt });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) felt.tasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) felt.shift += /** @type {any} */ (entry).value;
  }).observe({ type: 'layout-shift', buffered: true });
  addEventListener(
    'keydown',
    ({ timeStamp }) =>
      // The message comes when the frame has been made.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => felt.keys.push(performance.now() - timeStamp);
        port2.postMessage('');
      }),
    { capture: true },
  );
}

function readOpening() {
  const { tasks, shift } = /** @type {{ felt: { tasks: number[], shift: number } }} */ (/** @type {any} */ (globalThis))
    .felt;
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  return {
    openingLongest: Math.round(Math.max(0, ...tasks)),
    openingTasks: tasks.length,
    painted: Math.round(paint?.startTime ?? 0),
    shift: Math.round(shift * 1000) / 1000,
  };
}

/** @param {Page} page @returns {Promise<number[]>} */
async function typeWhilePainting(page) {
  await fillRecipe(page, { prompt: 'a red apple', steps: 8, seed: 7 });
  await number(page, 'Batch count').fill('50');
  await button(page, 'Generate').click();
  await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
  await textbox(page, 'Prompt').fill('');
  await page.evaluate(() => /** @type {any} */ (globalThis).felt.keys.splice(0));
  await textbox(page, 'Prompt').pressSequentially(TYPED, { delay: KEY_MS });
  await page.waitForTimeout(500);
  const keys = await page.evaluate(() => /** @type {any} */ (globalThis).felt.keys);
  return keys;
}

/** @param {Page} page @param {string} address @returns {Promise<{ opens: number, frames: number[] }>} */
async function scrollGallery(page, address) {
  const { fillGallery } = /** @type {{ fillGallery: (page: Page, count: number) => Promise<void> }} */ (
    await loadTypeScript('e2e/support/fill-gallery.ts')
  );
  await fillGallery(page, PICTURES);
  await open(page, address);
  const startedAt = Date.now();
  await button(page, 'Gallery').click();
  await page.getByRole('region', { name: 'Pictures' }).getByRole('listitem').first().waitFor();
  const opens = Date.now() - startedAt;
  await page.waitForTimeout(1000);
  const frames = await page.evaluate(scroll, SCROLL_MS);
  return { opens, frames };
}

/** Scrolls what scrolls most in the dialog, 60 px a frame, back and forth. @param {number} forMs @returns {Promise<number[]>} */
function scroll(forMs) {
  const inside = [...document.querySelectorAll('[role=dialog] *')];
  const hidden = (/** @type {Element} */ node) => node.scrollHeight - node.clientHeight;
  const scroller = inside
    .toSorted((a, b) => hidden(b) - hidden(a))
    .find((node) => getComputedStyle(node).overflowY !== 'visible');
  if (!scroller) throw new Error('Nothing scrolls in the gallery.');
  return new Promise((resolve) => {
    /** @type {number[]} */
    const frames = [];
    const startedAt = performance.now();
    let last = startedAt;
    let by = 60;
    const step = (/** @type {number} */ now) => {
      frames.push(now - last);
      last = now;
      if (scroller.scrollTop + by < 0 || scroller.scrollTop + by > hidden(scroller)) by = -by;
      scroller.scrollTop += by;
      if (now - startedAt < forMs) requestAnimationFrame(step);
      else resolve(frames.slice(1));
    };
    requestAnimationFrame(step);
  });
}

/** @param {number[]} values */
function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { median: at(0.5), p95: at(0.95), worst: at(1) };
}
