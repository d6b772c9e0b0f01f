/**
 * `node tools/bench-import.mjs [checkpoint]`: imports a checkpoint of full size (2.1 GB of random weights where none is given) in a real
 * Chromium with a profile on disk, and says what that costs beside the raw speeds of the disk and of IndexedDB.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { CACHE, DIST } from './lib/paths.mjs';
import { fail, prepare } from './lib/prepare.mjs';

await prepare();
const { chromium } = await import('@playwright/test');
const { findBrowser } = await import('./lib/browser.mjs');
const { ensureBuilt } = await import('./lib/build.mjs');
const { chromiumArgs } = await import('./lib/chromium-args.mjs');
const { busiestMs, cpuMsBelow, threadMsBelow } = await import('./lib/cpu-time.mjs');
const { loadTypeScript } = await import('./lib/load-typescript.mjs');
const { serve } = await import('./lib/serve.mjs');

const FOLDER = join(CACHE, 'bench-import');
const PROFILE = join(FOLDER, 'profile');
const RAW_BYTES = 512 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024 * 1024;

async function main() {
  rmSync(PROFILE, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  if (!(await ensureBuilt())) throw new Error('The app could not be built, see above.');
  const file = process.argv[2] ?? (await randomCheckpoint());
  const size = statSync(file).size;
  console.log(`checkpoint   ${megabytes(size)} MB`);
  const disk = rawDisk();
  console.log(
    `raw disk     write and flush ${disk.write} MB/s, read back ${disk.read} MB/s (from the cache of the system)`,
  );

  const server = await serve({ dir: DIST, port: 0 });
  const context = await chromium.launchPersistentContext(PROFILE, {
    executablePath: await findBrowser(),
    args: chromiumArgs('none'),
    serviceWorkers: 'block',
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(`${server.url}manifest.webmanifest`);
    const raw = await page.evaluate(rawIndexedDb, { total: RAW_BYTES, piece: PIECE_BYTES });
    console.log(
      `IndexedDB    write ${raw.write} MB/s, read back ${raw.read} MB/s, in Blobs of ${megabytes(PIECE_BYTES)} MB`,
    );
    await measureImport(page, server.url, file, size);
  } finally {
    await context.close();
    await server.close();
    rmSync(PROFILE, { recursive: true, force: true });
  }
}

/** @param {import('@playwright/test').Page} page @param {string} url @param {string} file @param {number} size */
async function measureImport(page, url, file, size) {
  await page.goto(`${url}?provider=wasm`);
  await page.getByText(/Ready on/).waitFor({ timeout: 0 });
  await page.getByRole('button', { name: 'Models', exact: true }).first().click();
  const before = rendererMegabytes();
  const memory = { peak: before };
  const watch = setInterval(() => (memory.peak = Math.max(memory.peak, rendererMegabytes())), 100);
  const [cpuStart, threadsStart] = [cpuMsBelow(), threadMsBelow()];
  const start = performance.now();
  await page.getByLabel('Model files').setInputFiles(file);
  const done = page.getByRole('button', { name: /^Export / });
  const problem = page.getByRole('dialog').locator('[role=alert], .problem').filter({ hasText: /\S/ });
  await done.or(problem).first().waitFor({ timeout: 0 });
  const seconds = (performance.now() - start) / 1000;
  const [cpu, busiest] = [cpuMsBelow() - cpuStart, busiestMs(threadsStart, threadMsBelow())];
  clearInterval(watch);
  if (!(await done.isVisible())) throw new Error(await problem.first().innerText());
  console.log(`import       ${seconds.toFixed(0)} s, ${(size / 1e6 / seconds).toFixed(0)} MB/s, as 8-bit`);
  console.log(
    `CPU          ${(cpu / 1000).toFixed(1)} s of all processes, ${(busiest / 1000).toFixed(1)} s of the busiest thread`,
  );
  console.log(`memory       renderer ${before} MB before, ${memory.peak} MB at most (resident, without mapped files)`);
  const row = page.getByRole('article').filter({ has: done });
  console.log(`stored       ${(await row.innerText()).split('\n').find((line) => /MB|GB/.test(line))}`);

  await page.reload();
  await page.getByText(/Ready on/).waitFor({ timeout: 0 });
  const readStart = performance.now();
  const read = await page.evaluate(readPacks);
  const readSeconds = (performance.now() - readStart) / 1000;
  console.log(
    `read back    ${megabytes(read)} MB of shards after a reload, ${(read / 1e6 / readSeconds).toFixed(0)} MB/s`,
  );
}

async function randomCheckpoint() {
  const path = join(FOLDER, 'sd15-random.safetensors');
  if (existsSync(path)) return path;
  console.log('Writing 2.1 GB of random weights ...');
  const { makeCheckpoint } = /** @type {typeof import('./fullsize/make-checkpoint')} */ (
    await loadTypeScript('tools/fullsize/make-checkpoint.ts')
  );
  await makeCheckpoint('sd15', path);
  return path;
}

/** Resident memory that belongs to no file, of the renderer that has most of it. */
function rendererMegabytes() {
  const sizes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) return 0;
        if (!isOurs(Number(pid))) return 0;
        return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000;
      } catch (error) {
        if (error instanceof Error) return 0; // the process has ended meanwhile
        throw error;
      }
    });
  return Math.round(Math.max(0, ...sizes));
}

/** A descendant of this process. @returns {boolean} @param {number} pid */
function isOurs(pid) {
  if (pid === process.pid) return true;
  if (pid <= 1) return false;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return isOurs(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
}

function rawDisk() {
  const path = join(FOLDER, 'raw.bin');
  const piece = new Uint8Array(PIECE_BYTES);
  for (let i = 0; i < piece.length; i += 4096) piece[i] = Math.random() * 256;
  const handle = openSync(path, 'w+');
  try {
    const start = performance.now();
    for (let at = 0; at < RAW_BYTES; at += PIECE_BYTES) writeSync(handle, piece, 0, PIECE_BYTES, at);
    fsyncSync(handle);
    const middle = performance.now();
    for (let at = 0; at < RAW_BYTES; at += PIECE_BYTES) readSync(handle, piece, 0, PIECE_BYTES, at);
    return { write: speed(RAW_BYTES, middle - start), read: speed(RAW_BYTES, performance.now() - middle) };
  } finally {
    closeSync(handle);
    rmSync(path);
  }
}

const speed = (/** @type {number} */ bytes, /** @type {number} */ ms) => Math.round(bytes / 1e3 / ms);
const megabytes = (/** @type {number} */ bytes) => Math.round(bytes / 1e6);

/** Runs in the page. @param {{ total: number, piece: number }} sizes */
async function rawIndexedDb({ total, piece }) {
  const done = (/** @type {IDBRequest | IDBTransaction} */ what) =>
    new Promise((resolve, reject) => {
      Object.assign(what, { onsuccess: resolve, oncomplete: resolve, onerror: reject, onabort: reject });
    });
  const opening = indexedDB.open('raw', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('values');
  await done(opening);
  const db = opening.result;
  const bytes = new Uint8Array(piece);
  for (let i = 0; i < piece; i += 65536) crypto.getRandomValues(bytes.subarray(i, i + 65536));
  const start = performance.now();
  for (let i = 0; i < total / piece; i++) {
    const writing = db.transaction('values', 'readwrite', { durability: 'strict' });
    writing.objectStore('values').put(new Blob([bytes]), i);
    await done(writing);
  }
  const middle = performance.now();
  for (let i = 0; i < total / piece; i++) {
    const reading = db.transaction('values').objectStore('values').get(i);
    await done(reading);
    await /** @type {Blob} */ (reading.result).arrayBuffer();
  }
  const end = performance.now();
  db.close();
  await done(indexedDB.deleteDatabase('raw'));
  return { write: Math.round(total / 1e3 / (middle - start)), read: Math.round(total / 1e3 / (end - middle)) };
}

/** Runs in the page: reads all shards of all packs, one after another. @returns {Promise<number>} bytes */
async function readPacks() {
  const opening = indexedDB.open('gesso-packs');
  await new Promise((resolve) => (opening.onsuccess = resolve));
  const store = () => opening.result.transaction('values').objectStore('values');
  const get = (/** @type {IDBRequest} */ request) =>
    new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const keys = /** @type {string[]} */ (await get(store().getAllKeys()));
  let bytes = 0;
  for (const key of keys.filter((name) => name.startsWith('shard:'))) {
    const blob = /** @type {Blob} */ (await get(store().get(key)));
    bytes += (await blob.arrayBuffer()).byteLength;
  }
  return bytes;
}

await main().catch(fail);
