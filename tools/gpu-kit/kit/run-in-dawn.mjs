/** The check in Node through Dawn: a process of its own, for a driver may end it. */
import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { asked } from './run-in-browser.mjs';
import { untilDone } from './take-messages.mjs';

/** Dawn's switch for half precision on NVIDIA's Vulkan driver, which Chrome leaves off. */
const OPTIONS = ['enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia'];

/**
 * @param {import('./run.d.mts').Session} session
 * @param {string} packed  dawn.node.gz
 * @returns {Promise<string | undefined>} why nothing came of it
 */
export async function runInDawn(session, packed) {
  const folder = mkdtempSync(join(tmpdir(), 'gesso-dawn-'));
  try {
    const dawn = join(folder, 'dawn.node');
    writeFileSync(dawn, gunzipSync(readFileSync(packed)));
    return await untilDone(session, (tell) => start(session, dawn, tell));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function start(session, dawn, tell) {
  const { folder, dawnOptions } = session;
  const assets = join(folder, 'page', 'assets');
  const wasm = readdirSync(assets).find((name) => /asyncify.*\.wasm\.gz$/.test(name));
  if (!wasm) throw new Error(`${assets} has no runtime for Node.`);
  const child = fork(join(folder, 'node', 'node.mjs'), { serialization: 'advanced' });
  child.on('message', tell);
  const options = [...OPTIONS, ...dawnOptions];
  child.send({ ...asked(session), data: join(folder, 'data'), dawn, wasm: join(assets, wasm), dawnOptions: options });
  const ended = new Promise((resolve) => child.once('exit', () => resolve()));
  return { ended, end: () => void child.kill('SIGKILL') };
}
