/**
 * `node tools/comfyui-corpus.mjs FOLDER…`: reads every workflow of ComfyUI in these folders, saves it, converts it there and back, and
 * counts what runs and what stops the rest. ComfyUI's own templates: `pip download --no-deps comfyui-workflow-templates-json` and unzip it.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { fail, prepare } from './lib/prepare.mjs';

const folders = process.argv.slice(2);
if (folders.length === 0) fail('node tools/comfyui-corpus.mjs FOLDER…');

await prepare({ quiet: true });
const module = await loadTypeScript('tools/comfyui-corpus/read-corpus.ts').catch(fail);
const { readCorpus } = /** @type {typeof import('./comfyui-corpus/read-corpus')} */ (module);

/** @param {string} path @returns {string[]} */
const filesOf = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(json|png|webp|jpe?g|avif)$/i.test(name))
        .map((name) => join(path, name))
        .sort()
    : [path];

const files = folders.flatMap(filesOf).map((path) => ({ path, bytes: new Uint8Array(readFileSync(path)) }));
console.log(readCorpus(files));
