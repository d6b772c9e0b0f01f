/** A Chromium of its own group of processes, so that all of them can be killed at once. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { chromiumArgs } from '../lib/chromium-args.mjs';

const START_MS = 60_000;

/** @typedef {{ page: import('@playwright/test').Page, group: import('node:child_process').ChildProcess }} OwnBrowser */

/** @param {string} executable @param {string} profile  a folder @returns {Promise<OwnBrowser>} */
export async function startBrowser(executable, profile) {
  const portFile = join(profile, 'DevToolsActivePort');
  rmSync(portFile, { force: true });
  // What a killed browser leaves of locks would send the next one to it.
  for (const name of ['SingletonLock', 'SingletonSocket', 'SingletonCookie'])
    rmSync(join(profile, name), { force: true });
  const args = [...chromiumArgs('none'), '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const group = spawn(executable, [...args, 'about:blank'], { detached: true, stdio: 'ignore' });
  for (let waited = 0; !existsSync(portFile) || !readFileSync(portFile, 'utf8').includes('\n'); waited += 50) {
    if (waited > START_MS || group.exitCode !== null) throw new Error(`${executable} did not start.`);
    await sleep(50);
  }
  const [port] = readFileSync(portFile, 'utf8').split('\n');
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { timeout: START_MS });
  const [context] = browser.contexts();
  if (!context) throw new Error('The browser has no profile open.');
  return { page: await context.newPage(), group };
}

/** Ends it as when the power goes, as far as a program can. @param {OwnBrowser} browser */
export async function killAll({ group }) {
  const ended = group.exitCode === null && new Promise((resolve) => group.once('exit', resolve));
  if (group.pid !== undefined) process.kill(-group.pid, 'SIGKILL');
  await ended;
}
