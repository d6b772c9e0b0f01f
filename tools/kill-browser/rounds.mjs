/** Rounds of opening, asking, killing and counting. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from '../lib/browser.mjs';
import { button, fillRecipe, number, textbox } from '../lib/drive-app.mjs';
import { DIST } from '../lib/paths.mjs';
import { serve } from '../lib/serve.mjs';
import { killAll, startBrowser } from './browser.mjs';
import { readKept } from './kept.mjs';

/** Seeds of requests lie so far from each other. */
const APART = 100;
const MOST_PICTURES = 4;
/** What is typed is written when it has rested for 0.3 s; what is asked for, at once: then it is a promise. */
const WRITTEN_MS = 1000;

/** @typedef {{ kills: number, pictures: number, waiting: number, problems: string[] }} Figures */

/**
 * @param {{ kills: number, seed: number, log: (words: string) => void }} options
 * @returns {Promise<Figures>}
 */
export async function killBrowser({ kills, seed, log }) {
  const random = seededRandom(seed);
  const profile = mkdtempSync(join(tmpdir(), 'gesso-kill-'));
  const server = await serve({ dir: DIST, port: 0 });
  const executable = await findBrowser();
  /** @type {Map<number, boolean>} by seed: whether it is a promise */
  const asked = new Map();
  /** @type {Figures} */
  const figures = { kills: 0, pictures: 0, waiting: 0, problems: [] };
  /** @type {{ prompt: string, steps: string } | undefined} */
  let typed;
  try {
    for (let round = 1; round <= kills + 1; round += 1) {
      const browser = await startBrowser(executable, profile);
      try {
        const { page } = browser;
        await page.goto(`${server.url}/?provider=wasm`);
        await textbox(page, 'Prompt').waitFor({ timeout: 60_000 });
        if (round > 1) {
          const found = await count(page, asked, typed);
          figures.pictures = found.pictures;
          figures.waiting = found.waiting;
          figures.problems.push(...found.problems.map((problem) => `after kill ${round - 1}: ${problem}`));
          log(`${round - 1}: ${found.pictures} pictures, ${found.waiting} waiting ${found.problems.join('; ')}`);
          if (round > kills || found.problems.length > 0) break;
        }
        typed = { prompt: `a red apple ${round}`, steps: String(1 + Math.floor(random() * 4)) };
        const pictures = 1 + Math.floor(random() * MOST_PICTURES);
        await fillRecipe(page, { prompt: typed.prompt, steps: typed.steps, seed: round * APART });
        await number(page, 'Batch count').fill(String(pictures));
        if (random() < 0.7) await page.getByText(/Ready on/).waitFor({ timeout: 60_000 });
        const goOn = button(page, 'Go on');
        if (await goOn.isVisible()) await goOn.click();
        await page.keyboard.press('Control+Enter');
        for (let i = 0; i < pictures; i += 1) asked.set(round * APART + i, false);
        const wait = random() * 4000;
        await page.waitForTimeout(wait);
        if (wait > WRITTEN_MS) for (let i = 0; i < pictures; i += 1) asked.set(round * APART + i, true);
        else typed = undefined;
      } finally {
        await killAll(browser);
      }
      figures.kills += 1;
    }
  } finally {
    await server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  return figures;
}

/**
 * @param {import('@playwright/test').Page} page
 * @param {Map<number, boolean>} asked
 * @param {{ prompt: string, steps: string } | undefined} typed
 */
async function count(page, asked, typed) {
  /** @type {string[]} */
  const problems = [];
  const { made, waiting, withoutFile } = await page.evaluate(readKept);
  for (const id of withoutFile) problems.push(`picture no. ${id} has no file`);
  for (const [seed, isPromised] of asked) {
    const times = [...made, ...waiting].filter((one) => one === seed).length;
    if (times > 1) problems.push(`picture ${seed} is there ${times} times`);
    if (times === 0 && isPromised) problems.push(`picture ${seed} is lost`);
    // Not written in time: it was never asked for, as far as anybody knows.
    if (times === 0) asked.delete(seed);
    else asked.set(seed, true);
  }
  if (typed) {
    const found = {
      prompt: await textbox(page, 'Prompt').inputValue(),
      steps: await number(page, 'Steps').inputValue(),
    };
    if (found.prompt !== typed.prompt || found.steps !== typed.steps)
      problems.push(`the form has ${JSON.stringify(found)}, typed was ${JSON.stringify(typed)}`);
  }
  return { problems, pictures: made.length, waiting: waiting.length };
}

/** Numbers of 0 … 1 that come again with the same seed. @param {number} seed */
function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
