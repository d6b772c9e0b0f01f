/** The parts of `npm test`: what each one is called and how it is run. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findEngines } from '../engines/find.mjs';
import { lavapipeBrowser } from '../lavapipe/browser.mjs';
import { findBrowser } from './browser.mjs';
import { build, ensureBuilt } from './build.mjs';
import { firstBundleProblem } from './first-bundle.mjs';
import { CACHE, DIST, ROOT } from './paths.mjs';
import { run, runBin } from './run.mjs';
import { passedAtSecondTry, playwrightCounts, vitestCounts } from './test-counts.mjs';

/** @typedef {import('./test-counts.mjs').Counts} Counts */
/** @typedef {{ isOk: boolean, counts?: Counts, secondTry?: string[], output?: string }} Outcome  `counts` only where single tests were run */
/** @typedef {import('./run.mjs').RunOptions} RunOptions */
/** @typedef {{ title: string, run: (options?: RunOptions) => Promise<Outcome> }} Part  the checks keep their output where asked to */

const REPORTS = join(CACHE, 'test');
const TSCONFIGS = ['tsconfig.core.json', 'tsconfig.worker.json', 'tsconfig.test.json'];

/** Parts in the order they are run: quick ones first. @type {Record<string, Part>} */
export const PARTS = {
  format: {
    title: 'Format (prettier)',
    run: (options) => passes('prettier', ['--check', '--log-level=warn', '.'], options),
  },
  types: { title: 'Types, layer by layer (tsc, svelte-check)', run: types },
  lint: { title: 'Lint (eslint)', run: (options) => passes('eslint', ['.', '--max-warnings=0'], options) },
  layers: {
    title: 'Who may import whom (dependency-cruiser)',
    run: (options) =>
      passes(
        'dependency-cruiser',
        ['src', 'workers', '--config', '.dependency-cruiser.cjs'],
        options,
        'dependency-cruise',
      ),
  },
  licences: { title: 'Licences of what is shipped', run: licences },
  unit: { title: 'Unit tests (vitest)', run: unit },
  build: { title: 'Build (vite), and the size of the first scripts', run: builds },
  e2e: { title: 'The app in Chromium, Firefox and WebKit (playwright)', run: e2e },
};

/** The parts that look at the sources only. @type {string[]} */
export const CHECKS = ['format', 'types', 'lint', 'layers', 'licences'];

/** @param {string} pkg @param {string[]} args @param {RunOptions} [options] @param {string} [bin] @returns {Promise<Outcome>} */
async function passes(pkg, args, options = {}, bin = pkg) {
  const { code, output } = await runBin(pkg, args, options, bin);
  return { isOk: code === 0, output };
}

/** @param {RunOptions} [options] @returns {Promise<Outcome>} */
async function types(options) {
  const svelte = ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human'];
  const outcomes = [];
  for (const config of TSCONFIGS) outcomes.push(await passes('typescript', ['-p', config], options, 'tsc'));
  outcomes.push(await passes('svelte-check', svelte, options));
  return {
    isOk: outcomes.every(({ isOk }) => isOk),
    output: outcomes.map(({ output }) => output).join(''),
  };
}

/** @param {RunOptions} [options] @returns {Promise<Outcome>} */
async function licences(options) {
  const { code, output } = await run(process.execPath, [join(ROOT, 'tools', 'third-party.mjs'), '--check'], options);
  return { isOk: code === 0, output };
}

async function unit() {
  const report = join(REPORTS, 'vitest.json');
  rmSync(report, { force: true });
  const { isOk } = await passes('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  return { isOk, counts: vitestCounts(report) };
}

async function builds() {
  if (!(await build())) return { isOk: false };
  const problem = firstBundleProblem(DIST);
  if (problem !== undefined) console.error(problem);
  return { isOk: problem === undefined };
}

/** @type {ReturnType<typeof findEngines> | undefined} */
let engines;
/** Installs the engines of `e2e` that are missing, while other parts run: 17 s. */
export function beginEngines() {
  engines ??= findEngines({ mayInstall: true });
  return engines;
}

async function e2e() {
  const { firefox, webkit } = await beginEngines();
  const browser = await browserOrSentence();
  if (!browser || !(await ensureBuilt())) return { isOk: false };
  console.log(`Browser: ${browser}`);
  const paths = { GESSO_FIREFOX: pathOrSentence('Firefox', firefox), GESSO_WEBKIT: pathOrSentence('WebKit', webkit) };
  const lavapipe = await lavapipeOrSentence();
  const report = join(REPORTS, 'playwright.json');
  rmSync(report, { force: true });
  // Playwright asks its workers for colours; told not to as well, Node warns in each of them.
  const env = {
    GESSO_CHROMIUM: browser,
    GESSO_LAVAPIPE: lavapipe,
    ...paths,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    NO_COLOR: undefined,
  };
  const { code } = await runBin('@playwright/test', ['test', '--reporter=list,json'], { env }, 'playwright');
  return { isOk: code === 0, counts: playwrightCounts(report), secondTry: passedAtSecondTry(report) };
}

async function browserOrSentence() {
  try {
    return await findBrowser({ mayInstall: true });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return undefined;
  }
}

/** Without it the specs of e2e/lavapipe are skipped. @returns {Promise<string>} its path, or nothing */
async function lavapipeOrSentence() {
  const made = await lavapipeBrowser({ mayInstall: true });
  if ('path' in made) console.log(`Browser with half precision: ${made.path}`);
  else console.log(`Half precision is not tested: no Chromium with lavapipe could be made. ${made.problem}`);
  return 'path' in made ? made.path : '';
}

/** Without it its specs of e2e/engines are skipped. @param {string} name @param {import('../engines/find.mjs').Found} found */
function pathOrSentence(name, found) {
  console.log('path' in found ? `${name}: ${found.path}` : `${name} is not tested. ${found.problem}`);
  return 'path' in found ? found.path : '';
}
