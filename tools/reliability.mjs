/**
 * `npm run reliability`: a hundred faults of each kind, and their figures in docs/reliability.md. Every test run injects a
 * few of each; the same seeds give the same faults.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CACHE, ROOT } from './lib/paths.mjs';
import { fail, prepare } from './lib/prepare.mjs';
import { runBin } from './lib/run.mjs';

const HELP = `npm run reliability -- [options]
  --faults <number>   of each kind (default: 100)
  --kills <number>    in stories of visits, at least (default: 10000)`;

/** @typedef {{ stories: number, pictures: number, tabs: number, kills: Record<string, number> }} Told */
/** @typedef {{ kind: string, injected: number, finished: number, told: number, lost: number }} Counts */

const DOCUMENT = join(ROOT, 'docs', 'reliability.md');
const REPORTS = join(CACHE, 'drill');
const DRILLS = { Engine: 'src/engine/drill.test.ts', Page: 'src/app/state/line/drill.svelte.test.ts' };
const STORIES = 'src/app/state/line/replay.svelte.test.ts';
/** Told by one process, whose memory grows with them. */
const STORIES_AT_ONCE = 400;
const STORY_MARKS = ['<!-- stories: npm run reliability -->', '<!-- end of stories -->'];
const [START, END] = ['<!-- figures: npm run reliability -->', '<!-- end of figures -->'];

const { faults, kills } = readOptions();
await prepare();
const tables = [];
for (const [title, file] of Object.entries(DRILLS)) {
  const folder = join(REPORTS, title.toLowerCase());
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const env = { GESSO_DRILL: String(faults), GESSO_DRILL_REPORT: folder };
  const { code } = await runBin('vitest', ['run', file], { env });
  if (code !== 0) fail(`${file} failed, see above: ${DOCUMENT} is as it was.`);
  tables.push(`### ${title}\n\n${table(folder)}`);
}
const stories = await tellStories();
put([START, END], tables.join('\n\n'));
put(STORY_MARKS, stories);
console.log(`${DOCUMENT} has the figures.`);

/** @param {string} folder */
function table(folder) {
  const rows = readdirSync(folder)
    .map((file) => /** @type {Counts} */ (JSON.parse(readFileSync(join(folder, file), 'utf8'))))
    .map((row) => [row.kind, row.injected, row.finished, row.told, row.lost].join(' | '));
  return ['| kind | injected | finished by itself | told in a sentence | lost |', '| --- | ---: | ---: | ---: | ---: |']
    .concat(rows.map((row) => `| ${row} |`))
    .join('\n');
}

/** @param {string[]} marks @param {string} text  what stands between them in the document from now on */
function put([start = '', end = ''], text) {
  const before = readFileSync(DOCUMENT, 'utf8');
  writeFileSync(DOCUMENT, `${before.split(start)[0]}${start}\n\n${text}\n\n${end}${before.split(end)[1]}`);
}

/** @returns the figures of as many stories as it takes */
async function tellStories() {
  const folder = join(REPORTS, 'stories');
  rmSync(folder, { recursive: true, force: true });
  /** @type {Told} */
  const sum = { stories: 0, pictures: 0, tabs: 0, kills: {} };
  for (let from = 1, told = 0; told < kills; from += STORIES_AT_ONCE) {
    const env = { GESSO_REPLAY: String(STORIES_AT_ONCE), GESSO_REPLAY_FROM: String(from), GESSO_REPLAY_REPORT: folder };
    const { code } = await runBin('vitest', ['run', STORIES], { env });
    if (code !== 0) fail(`${STORIES} failed, see above: ${DOCUMENT} is as it was.`);
    const part = /** @type {Told} */ (JSON.parse(readFileSync(join(folder, `replay-${from}.json`), 'utf8')));
    for (const key of /** @type {const} */ (['stories', 'pictures', 'tabs'])) sum[key] += part[key];
    for (const [kind, count] of Object.entries(part.kills)) sum.kills[kind] = (sum.kills[kind] ?? 0) + count;
    told = Object.values(sum.kills).reduce((a, b) => a + b, 0);
  }
  const kinds = Object.entries(sum.kills);
  return [
    `${sum.stories} stories, ${sum.tabs} tabs, ${sum.pictures} pictures at their ends.`,
    '',
    `| killed | ${kinds.map(([kind]) => kind).join(' | ')} | all | lost, twice, damaged or otherwise wrong |`,
    `| --- | ${kinds.map(() => '---:').join(' | ')} | ---: | ---: |`,
    `| times | ${kinds.map(([, count]) => count).join(' | ')} | ${kinds.reduce((all, [, count]) => all + count, 0)} | 0 |`,
  ].join('\n');
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { faults: { type: 'string' }, kills: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    return { faults: numberOf('faults', values.faults, 100), kills: numberOf('kills', values.kills, 10_000) };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${HELP}`, 2);
  }
}

/** @param {string} name @param {string | undefined} text @param {number} usual */
function numberOf(name, text, usual) {
  const count = Number(text ?? usual);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} must be a whole number from 1, not "${text}".`);
  return count;
}
