/** The check in a browser: a server for its page and its messages, and the browser without a window. */
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { untilDone } from './take-messages.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Quiet, without a network, with WebGPU on whatever the system has; NVIDIA's half precision on Linux is behind a switch. */
const FLAGS = [
  '--headless=new',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-gpu-watchdog',
  '--enable-unsafe-webgpu',
  '--ignore-gpu-blocklist',
  ...(process.platform === 'linux'
    ? ['--enable-features=Vulkan', '--use-angle=vulkan', '--enable-dawn-features=vulkan_enable_f16_on_nvidia']
    : []),
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/**
 * @param {import('./run.d.mts').Session} session
 * @param {string} browser  path
 * @returns {Promise<string | undefined>} why nothing came of it
 */
export async function runInBrowser(session, browser) {
  if (!existsSync(browser)) return 'there is no such file';
  return untilDone(session, (tell) => start(session, browser, tell));
}

async function start(session, browser, tell) {
  const server = createServer((request, response) => answer(session, tell, request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const profile = mkdtempSync(join(tmpdir(), 'gesso-gpu-check-'));
  const address = `http://127.0.0.1:${server.address().port}/page/index.html`;
  const child = spawn(browser, [...FLAGS, ...session.flags, `--user-data-dir=${profile}`, address], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  const end = () => {
    child.kill();
    server.closeAllConnections();
    server.close();
    void ended.then(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
  };
  return { ended, end };
}

function answer(session, tell, request, response) {
  const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname));
  if (path === '/asked') return sendJson(response, asked(session));
  if (path === '/message')
    return void readBody(request).then((text) => {
      tell(JSON.parse(text));
      sendJson(response, {});
    });
  return sendFile(response, join(session.folder, path));
}

export const asked = ({ options, state, endsAt }) => ({ options, state, secondsLeft: (endsAt - Date.now()) / 1000 });

function sendJson(response, value) {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

/** Big files lie packed. The page's own folder and the data are all there is to see. */
function sendFile(response, file) {
  const packed = `${file}.gz`;
  const found = [packed, file].find((one) => existsSync(one) && statSync(one).isFile());
  if (!found) return void response.writeHead(404).end();
  response.writeHead(200, {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    // threads for the runtime's own work on the CPU
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    ...(found === packed ? { 'Content-Encoding': 'gzip' } : {}),
  });
  createReadStream(found).pipe(response);
}

async function readBody(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
