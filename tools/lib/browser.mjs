/** Finds a Chromium that starts, or installs one: what the tests and the picture tools drive. */
import { existsSync, readFileSync } from 'node:fs';
import { chromiumArgs } from './chromium-args.mjs';
import { existingBrowsers } from './existing-browsers.mjs';
import { run, runBin } from './run.mjs';

export { existingBrowsers };

/** The first Chrome with WebGPU. */
const OLDEST_USABLE = 113;

/** A download that stands still must not hang the tests. The browser is about 170 MB. */
const DOWNLOAD_LIMIT_MS = 5 * 60_000;
/** How long the download's server may take to answer at all. */
const CONNECT_LIMIT_MS = 15_000;

const HOW_TO =
  'No Chrome, Chromium or Edge was found and none could be installed: install one of them, or set GESSO_CHROMIUM to the path of one.';

/** Playwright's own Chromium, where it has been downloaded. */
async function playwrightBrowser() {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

/** Starts it and runs a line in a page. @returns {Promise<string | undefined>} why it is of no use */
export async function browserProblem(/** @type {string} */ executablePath) {
  const { chromium } = await import('@playwright/test');
  try {
    const browser = await chromium.launch({ executablePath, args: chromiumArgs('none'), timeout: 60_000 });
    try {
      const page = await browser.newPage();
      if ((await page.evaluate('6 * 7')) !== 42) return 'it does not run pages';
      const major = Number.parseInt(browser.version(), 10);
      return major < OLDEST_USABLE ? `it is version ${major}; ${OLDEST_USABLE} is the first with WebGPU` : undefined;
    } finally {
      await browser.close();
    }
  } catch (error) {
    return String(error instanceof Error ? error.message : error).split('\n')[0];
  }
}

/**
 * A browser that has been seen to start. What exists is tried first, then Playwright's, then Debian's package.
 *
 * @param {{ mayInstall?: boolean }} [options]
 * @returns {Promise<string>} path
 * @throws Error in one sentence: what to do
 */
export async function findBrowser({ mayInstall = false } = {}) {
  const chosen = process.env.GESSO_CHROMIUM;
  if (chosen) {
    const problem = existsSync(chosen) ? await browserProblem(chosen) : 'there is no such file';
    if (problem) throw new Error(`GESSO_CHROMIUM is ${chosen}, but ${problem}.`);
    return chosen;
  }
  const found = (await firstWorking(existingBrowsers())) ?? (await firstWorking([await playwrightBrowser()]));
  if (found) return found;
  if (!mayInstall) throw new Error(`${HOW_TO} (\`npm test\` tries to install one.)`);
  const installed = (await installFromPlaywright()) ?? (await installFromDebian());
  if (installed) return installed;
  throw new Error(HOW_TO);
}

async function firstWorking(/** @type {(string | undefined)[]} */ paths) {
  for (const path of paths) {
    if (!path) continue;
    const problem = await browserProblem(path);
    if (!problem) return path;
    console.log(`Passing over ${path}: ${problem}`);
  }
  return undefined;
}

async function installFromPlaywright() {
  console.log('No browser found. Fetching Chromium with Playwright ...');
  const { code, output } = await runBin(
    '@playwright/test',
    ['install', 'chromium'],
    {
      quiet: true,
      timeoutMs: DOWNLOAD_LIMIT_MS,
      env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: String(CONNECT_LIMIT_MS) },
    },
    'playwright',
  );
  if (code !== 0) {
    console.log(`  not possible: ${firstError(output) ?? `it ended with code ${code}`}`);
    return undefined;
  }
  return firstWorking([await playwrightBrowser()]);
}

function firstError(/** @type {string} */ output) {
  return output
    .split('\n')
    .find((line) => /error|failed/i.test(line))
    ?.trim()
    .slice(0, 160);
}

async function installFromDebian() {
  if (process.getuid?.() !== 0 || !isDebian()) return undefined;
  console.log('Installing Chromium with apt-get ...');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { code, output } = await run('apt-get', args, { quiet: true, env });
    if (code === 0) continue;
    console.log(`  apt-get ${args[0]} failed: ${output.trim().split('\n').at(-1)}`);
    return undefined;
  }
  return firstWorking(existingBrowsers());
}

function isDebian() {
  if (!existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
}
