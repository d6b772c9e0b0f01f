/** `node run.mjs`: measures this machine's GPU, in a browser where there is one, else in Node through Dawn. Fetches nothing. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { existingBrowsers } from './existing-browsers.mjs';
import { runInBrowser } from './run-in-browser.mjs';
import { runInDawn } from './run-in-dawn.mjs';

const HELP = `node run.mjs [options]
  --out <folder>       where gpu-check.json and gpu-check.md go (default: here)
  --seconds <number>   that all may take (default: 460)
  --browser <path>     a Chromium, Chrome or Edge (default: the first that is found; GESSO_CHROMIUM is asked first)
  --dawn               in Node through Dawn, without a browser
  --quick              networks a tenth as wide, small pictures: to try the program, also on a GPU in software
  --software           measures a GPU in software, too; at full size that takes hours
  --only <words>       the steps whose name holds these words: "peer", "sd15 unet", "parity float16"
  --flags="<flags>"    more flags for the browser
  --dawn-options="<>"  more options for Dawn: "backend=vulkan adapter=NVIDIA"`;

const HERE = dirname(fileURLToPath(import.meta.url));
const options = readOptions();
const { program } = JSON.parse(readFileSync(join(HERE, 'kit.json'), 'utf8'));

/** Kept here, whatever becomes of the process that measures. @type {import('./run.d.mts').Session} */
const session = {
  folder: HERE,
  endsAt: Date.now() + 1000 * options.seconds,
  options: {
    seconds: options.seconds,
    isQuick: options.quick,
    takesSoftware: options.quick || options.software,
    program,
    ...(options.only === undefined ? {} : { only: options.only }),
    repeat: `node run.mjs${options.quick ? ' --quick' : ''}`,
  },
  flags: options.flags,
  dawnOptions: options.dawnOptions,
  /** A driver may think for minutes where shaders are compiled on the CPU. */
  silenceMs: (options.quick || options.software ? 15 : 2) * 60_000,
};

const ways = options.dawn ? [dawn()] : [...browsers(), dawn()];
const problems = [];
let isDone = false;
for (const way of ways) {
  if (!way) continue;
  console.log(`Measuring with ${way.name} ...`);
  const problem = await way.run().catch((error) => String(error instanceof Error ? error.message : error));
  if (problem === undefined) isDone = true;
  else problems.push(`${way.name}: ${problem}`);
  if (isDone || (session.state?.done.length ?? 0) > 1) break;
}
for (const problem of problems) console.error(problem);
if (session.state) await writeReport();
else if (problems.length === 0)
  console.error('There is neither a browser nor Dawn for this system here: give --browser.');
process.exitCode = isDone ? 0 : 1;

function browsers() {
  const chosen = options.browser ?? process.env.GESSO_CHROMIUM;
  const found = chosen ? [chosen] : existingBrowsers();
  return found.map((path) => ({ name: path, run: () => runInBrowser(session, path) }));
}

function dawn() {
  const file = join(HERE, 'dawn', `${process.platform}-${process.arch}`, 'dawn.node.gz');
  return existsSync(file) ? { name: 'Dawn in Node', run: () => runInDawn(session, file) } : undefined;
}

async function writeReport() {
  const { renderMarkdown } = await import('./render.mjs');
  const { report } = session.state;
  mkdirSync(options.out, { recursive: true });
  const markdown = renderMarkdown(report);
  writeFileSync(join(options.out, 'gpu-check.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(options.out, 'gpu-check.md'), markdown);
  console.log(`\n${markdown}\nWritten to ${join(options.out, 'gpu-check.json')} and gpu-check.md`);
}

function readOptions() {
  const text = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  try {
    const { values } = parseArgs({
      options: {
        out: text,
        seconds: text,
        browser: text,
        only: text,
        flags: text,
        'dawn-options': text,
        dawn: flag,
        quick: flag,
        software: flag,
        help: flag,
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const seconds = Number(values.seconds ?? 460);
    if (!(seconds > 0)) throw new Error(`--seconds must be a number above 0, not "${values.seconds}".`);
    const list = (words) => (words ?? '').split(' ').filter((word) => word !== '');
    const { out = process.cwd(), browser, only, dawn: isDawn, quick, software } = values;
    const lists = { flags: list(values.flags), dawnOptions: list(values['dawn-options']) };
    return { out, seconds, browser, only, dawn: isDawn, quick, software, ...lists };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    process.exit(2);
  }
}
