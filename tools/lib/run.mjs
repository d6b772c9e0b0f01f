/** Runs other programs: npm, and the command-line tools in node_modules, the same way on every system. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

/** Some programs colour whatever they write as soon as CI is set; a log file or a pipe is not for colours. */
const COLOURS = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined };

/**
 * @typedef {object} RunOptions
 * @property {boolean} [quiet]      keep the output instead of showing it
 * @property {number} [timeoutMs]   end the program after this time
 * @property {Record<string, string | undefined>} [env]   added to the environment
 */

/**
 * Runs a program to its end. Never throws: a program that cannot be started has code 127, one that ran out of time 124.
 *
 * @param {string} file @param {string[]} args @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} `output` is empty unless quiet
 */
export function run(file, args, { quiet = false, timeoutMs, env = {} } = {}) {
  return new Promise((resolve) => {
    const isScript = process.platform === 'win32' && /\.(cmd|bat)$/i.test(file);
    const child = spawn(file, args, {
      cwd: ROOT,
      env: { ...process.env, ...COLOURS, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      shell: isScript,
    });
    let output = '';
    let isLate = false;
    const timer = timeoutMs
      ? setTimeout(() => {
          isLate = true;
          child.kill('SIGKILL');
        }, timeoutMs)
      : undefined;
    const end = (/** @type {number} */ code) => {
      clearTimeout(timer);
      resolve({ code: isLate ? 124 : code, output });
    };
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', (error) => {
      output += error.message;
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/** npm itself: the very one that started us, where one did. */
export function runNpm(/** @type {string[]} */ args, /** @type {RunOptions} */ options = {}) {
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script)) return run(process.execPath, [script, ...args], options);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}

/** A command of an installed package ("vite"), without a shell in between. `name` where it is not the package's own. */
export function runBin(/** @type {string} */ pkg, /** @type {string[]} */ args, options = {}, name = pkg) {
  const folder = join(ROOT, 'node_modules', pkg);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const script = typeof bin === 'string' ? bin : bin[name];
  return run(process.execPath, [join(folder, script), ...args], options);
}
