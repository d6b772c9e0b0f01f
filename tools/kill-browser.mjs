/** `npm run kill-browser`: a browser is really killed in the middle of painting and opened again, and what it then has is counted. */
import { fail, prepare } from './lib/prepare.mjs';
import { parseArgs } from 'node:util';

const HELP = `npm run kill-browser -- [--kills <n>]

Opens the built app in a Chromium with a profile on the disk, types, asks for pictures, and sends SIGKILL to all of its processes at
a random moment (a hundred times unless said). Each time it is opened again, every picture that was asked for must be in the
gallery or in line, once; each in the gallery must have its file; prompt and steps must be as typed. The figures go to
docs/reliability.md.`;

const { kills, seed } = readOptions();
await prepare();
const { ensureBuilt } = await import('./lib/build.mjs');
if (!(await ensureBuilt())) process.exit(1);
const { killBrowser } = await import('./kill-browser/rounds.mjs');
const { writeKills } = await import('./kill-browser/figures.mjs');

const figures = await killBrowser({ kills, seed, log: console.log }).catch(fail);
console.log(figures);
if (figures.problems.length > 0) fail(`Something was lost, see above: docs/reliability.md is as it was.`);
writeKills(figures);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        kills: { type: 'string', default: '100' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean' },
      },
    });
    const counts = [values.kills, values.seed].map(Number);
    if (values.help || counts.some((count) => !Number.isInteger(count) || count < 1)) throw new Error(HELP);
    const [kills = 100, seed = 1] = counts;
    return { kills, seed };
  } catch (error) {
    return fail(error, 2);
  }
}
