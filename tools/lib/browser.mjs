/** Finds a Chromium that starts, or installs one: what the tests and the picture tools drive. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromiumArgs } from './chromium-args.mjs';
import { run, runBin } from './run.mjs';

/** The first with WebGPU. */
const OLDEST_USABLE = 113;

/** A download that stands still must not hang the tests. The browser is about 170 MB. */
const DOWNLOAD_LIMIT_MS = 5 * 60_000;
/** How long the download's server may take to answer at all. */
const CONNECT_LIMIT_MS = 15_000;

const HOW_TO =
  'No Chrome, Chromium or Edge was found and none could be installed: install one of them, or set GESSO_CHROMIUM to the path of one.';

const NAMES = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'msedge',
];

const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Google Chrome Canary'];

const WINDOWS_PATHS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
];

/** @returns {string[]} paths that exist, best first */
export function existingBrowsers() {
  const { env, platform } = process;
  const extension = platform === 'win32' ? '.exe' : '';
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => NAMES.map((name) => join(folder, name + extension)));
  const byName = NAMES.flatMap((name) => onPath.filter((path) => path.endsWith(join('/', name + extension))));
  const usual = {
    darwin: ['/Applications', join(env.HOME ?? '', 'Applications')].flatMap((folder) =>
      MAC_APPS.map((app) => join(folder, `${app}.app`, 'Contents', 'MacOS', app)),
    ),
    win32: [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => WINDOWS_PATHS.map((parts) => join(folder, ...parts))),
    linux: ['/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge', '/snap/bin/chromium'],
  };
  const places = platform === 'darwin' || platform === 'win32' ? usual[platform] : usual.linux;
  const existing = [...byName, ...places].filter((path) => existsSync(path));
  // /bin is often a link to /usr/bin. The path is kept as found: a snap is a link to a program that looks at its name.
  return [...new Map(existing.toReversed().map((path) => [realpathSync(path), path])).values()].toReversed();
}

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
