/** Counts at the server what a first visit asks for: pages, workers and service worker alike. */
import { chromium } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findBrowser } from '../lib/browser.mjs';
import { chromiumArgs } from '../lib/chromium-args.mjs';
import { fillRecipe, generatePicture, textbox } from '../lib/drive-app.mjs';
import { serve } from '../lib/serve.mjs';

/** Nothing comes any more: milliseconds. */
const QUIET_MS = 5000;

/** Paths of what hosts compress. */
const TEXT = /(\/|\.(html|js|css|json|svg|webmanifest|md))$/;

/** @typedef {'box' | 'picture' | 'rest'} Until */
/** @typedef {import('../lib/serve.mjs').Answer & { during: Until }} Counted */
/** @typedef {{ bytes: number, requests: number, compressed: number }} Sum  up to then, from the beginning */

/** @param {string} dist @returns {Promise<{ answers: Counted[], sums: Record<Until, Sum> }>} */
export async function measureFirstVisit(dist) {
  /** @type {Counted[]} */
  const answers = [];
  /** @type {Until} */
  let during = 'box';
  let lastAt = Date.now();
  const server = await serve({
    dir: dist,
    port: 0,
    onAnswer: (answer) => {
      lastAt = Date.now();
      answers.push({ ...answer, during });
    },
  });
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: chromiumArgs('none') });
  try {
    const page = await browser.newPage({ serviceWorkers: 'allow' });
    await page.goto(`${server.url}?provider=wasm`);
    await textbox(page, 'Prompt').waitFor();
    during = 'picture';
    await fillRecipe(page, { prompt: 'a red apple', seed: 7 });
    await generatePicture(page);
    during = 'rest';
    await page.evaluate(() => navigator.serviceWorker.ready);
    while (Date.now() - lastAt < QUIET_MS) await page.waitForTimeout(200);
  } finally {
    await browser.close();
    await server.close();
  }
  return {
    answers,
    sums: { box: sum(['box']), picture: sum(['box', 'picture']), rest: sum(['box', 'picture', 'rest']) },
  };

  /** @param {Until[]} parts @returns {Sum} */
  function sum(parts) {
    const counted = answers.filter((answer) => parts.includes(answer.during));
    const saved = counted.reduce((total, answer) => total + savedByGzip(dist, answer), 0);
    const bytes = counted.reduce((total, answer) => total + answer.bytes, 0);
    return { bytes, requests: counted.length, compressed: bytes - saved };
  }
}

/** @param {string} dist @param {Counted} answer */
function savedByGzip(dist, { path, status }) {
  const file = join(dist, path, path.endsWith('/') ? 'index.html' : '');
  if (status !== 200 || !TEXT.test(path) || !existsSync(file)) return 0;
  const bytes = readFileSync(file);
  return bytes.length - gzipSync(bytes).length;
}
