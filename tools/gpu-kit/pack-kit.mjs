/** Builds the kit: the page, the program for Node, the data, and Dawn where it can be had. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { build } from 'vite';
import { CACHE, ROOT } from '../lib/paths.mjs';
import { runNpm } from '../lib/run.mjs';
import { DAWN, GOLDEN, KIT_FILES, MAX_KIT_BYTES, MIN_GZIP_BYTES } from './pack-list.mjs';

/**
 * @param {string} folder  emptied of an earlier kit
 * @param {{ withDawn: boolean }} options
 * @returns {Promise<{ bytes: number, notes: string[] }>}
 * @throws Error in one sentence
 */
export async function packKit(folder, { withDawn }) {
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, 'kit.json')))
    throw new Error(`${folder} is not empty and no kit: name another folder, or empty it.`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await buildPage(join(folder, 'page'));
  await buildForNode('tools/gpu-kit/node/node.ts', folder, 'node/node.mjs');
  await buildForNode('src/core/bench/render-report.ts', folder, 'render.mjs');
  for (const [from, to] of KIT_FILES) cpSync(join(ROOT, from), join(folder, to), { recursive: true });
  chmodSync(join(folder, 'run.sh'), 0o755);
  addGolden(join(folder, 'data', 'pictures'));
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'kit.json'), `${JSON.stringify({ program: `gesso-${version}` })}\n`);
  const notes = withDawn ? await addDawn(folder) : ['Without Dawn: the other machine needs a Chromium.'];
  packFiles(folder);
  const bytes = filesBelow(folder).reduce((sum, file) => sum + statSync(file).size, 0);
  if (bytes > MAX_KIT_BYTES) throw new Error(`The kit has ${bytes} bytes and may have ${MAX_KIT_BYTES}.`);
  return { bytes, notes };
}

/** @param {string} outDir */
async function buildPage(outDir) {
  await build({
    configFile: false,
    root: join(ROOT, 'tools', 'gpu-kit', 'page'),
    base: './',
    publicDir: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 10_000 },
  });
}

/** One file that needs nothing installed. @param {string} entry @param {string} folder @param {string} file */
async function buildForNode(entry, folder, file) {
  const runtime = join(ROOT, 'node_modules', 'onnxruntime-web', 'dist', 'ort.webgpu.bundle.min.mjs');
  // of the browser, for that of Node wants two programs more
  const tokenizers = join(ROOT, 'node_modules', '@huggingface', 'transformers', 'dist', 'transformers.web.js');
  await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: 'error',
    resolve: {
      alias: [
        { find: /^onnxruntime-web\/(webgpu|jspi)$/, replacement: runtime },
        { find: '@huggingface/transformers', replacement: tokenizers },
      ],
    },
    ssr: { noExternal: true },
    build: {
      ssr: join(ROOT, entry),
      outDir: join(folder, dirname(file)),
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: { output: { entryFileNames: file.replace(/.*\//, ''), codeSplitting: false } },
    },
  });
}

/** @param {string} folder @returns {Promise<string[]>} what to say of it */
async function addDawn(folder) {
  const { name, version, systems } = DAWN;
  const cache = join(CACHE, `${name}-${version}`);
  const dist = join(cache, 'node_modules', name, 'dist');
  if (!existsSync(dist)) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, 'package.json'), '{ "private": true }\n');
    const args = ['install', '--prefix', cache, `${name}@${version}`, '--ignore-scripts', '--no-audit', '--no-fund'];
    const { code } = await runNpm(args, { quiet: true });
    if (code !== 0 || !existsSync(dist))
      return [`Dawn for Node (${name} ${version}) could not be fetched: the other machine needs a Chromium.`];
  }
  for (const system of systems) cpSync(join(dist, system), join(folder, 'dawn', system), { recursive: true });
  cpSync(join(dist, '..', 'LICENSE.md'), join(folder, 'dawn', 'LICENSE.md'));
  return [];
}

/** Where there is no decoder for PNG, four bytes a pixel are read. @param {string} folder */
function addGolden(folder) {
  const from = join(ROOT, GOLDEN.folder);
  const names = readdirSync(from).flatMap((file) => GOLDEN.names.exec(file)?.[1] ?? []);
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const golden = JSON.parse(readFileSync(join(from, `golden-q8-${name}.json`), 'utf8'));
    const { width, height, data } = PNG.sync.read(readFileSync(join(from, golden.png)));
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...golden, width, height }));
    writeFileSync(join(folder, `${name}.rgba`), data);
  }
  writeFileSync(join(folder, 'names.json'), JSON.stringify(names));
}

/** @param {string} folder */
function packFiles(folder) {
  for (const file of filesBelow(folder)) {
    if (file.endsWith('.gz') || statSync(file).size < MIN_GZIP_BYTES || file.endsWith('.mjs')) continue;
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
    rmSync(file);
  }
}

/** @param {string} folder @returns {string[]} */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}
