/**
 * Lists the npm packages whose code reaches the user, with version, licence and copyright line, in THIRD_PARTY.md.
 *
 *     node tools/third-party.mjs           rewrite the table
 *     node tools/third-party.mjs --check   fail if it is out of date or a licence is not one we know to be fine
 *
 * Starts from package.json's dependencies and the Workbox parts of the service worker, and follows their own dependencies.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const DOCUMENT = join(ROOT, 'THIRD_PARTY.md');
const [BEGIN, END] = ['<!-- packages: begin (node tools/third-party.mjs) -->', '<!-- packages: end -->'];
const ALLOWED = new Set([
  'MIT',
  '(MIT OR Apache-2.0)',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'MIT-0',
]);

/** Parts of Workbox that a service worker made by vite-plugin-pwa may contain; listed where installed. */
const WORKBOX = ['workbox-core', 'workbox-precaching', 'workbox-routing', 'workbox-strategies', 'workbox-window'];

/** Dependencies that are not in the built app, and why. */
const NOT_SHIPPED = new Map([
  ['onnxruntime-node', 'runs in Node only'],
  ['sharp', 'runs in Node only'],
]);

/** Packages of which only the run time is shipped; of its dependencies, the compiler's are not. */
const RUNTIME_DEPENDENCIES = new Map([['svelte', ['clsx', 'devalue', 'esm-env']]]);

/** Copyright lines of packages that publish none in a licence file. */
const COPYRIGHT = new Map([
  ['onnxruntime-web', 'Copyright (c) Microsoft Corporation'],
  ['onnxruntime-common', 'Copyright (c) Microsoft Corporation'],
]);

const readJson = (/** @type {string} */ path) => JSON.parse(readFileSync(path, 'utf8'));

/** The folder of a package as seen from another package's folder: nested node_modules first. @param {string} name @param {string} from */
function findPackage(name, from) {
  for (let folder = from; folder.length >= ROOT.length; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
  }
  return undefined;
}

function licenceText(/** @type {string} */ folder) {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
}

/** The licence field, else what the licence file's heading says. @param {string} folder @param {{ license?: string }} manifest */
function licenceOf(folder, manifest) {
  return manifest.license ?? (/^\s*(the )?MIT License/i.test(licenceText(folder)) ? 'MIT' : 'none given');
}

/** @param {string} folder @param {string} name */
function copyrightOf(folder, name) {
  const text = licenceText(folder);
  const line = text.split('\n').find((candidate) => /^\s*copyright\s.*\d{4}/i.test(candidate));
  return (
    line
      ?.trim()
      .replace(/\s*all rights reserved\.?$/i, '')
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1') ??
    COPYRIGHT.get(name) ??
    ''
  );
}

/** Every shipped package, by name and version. */
function collect() {
  const found = new Map();
  const visit = (/** @type {string} */ name, /** @type {string} */ from) => {
    if (NOT_SHIPPED.has(name) || name.startsWith('@types/')) return;
    const folder = findPackage(name, from);
    if (folder === undefined) throw new Error(`${name} is not installed: run npm ci first`);
    const manifest = readJson(join(folder, 'package.json'));
    const key = `${name}@${manifest.version}`;
    if (found.has(key)) return;
    const author = typeof manifest.author === 'string' ? manifest.author : (manifest.author?.name ?? '');
    const holder = copyrightOf(folder, name) || author.replace(/\s*<.*/, '');
    found.set(key, { name, version: manifest.version, licence: licenceOf(folder, manifest), holder });
    const all = Object.keys(manifest.dependencies ?? {});
    for (const next of RUNTIME_DEPENDENCIES.get(name) ?? all) visit(next, folder);
  };
  for (const name of Object.keys(readJson(join(ROOT, 'package.json')).dependencies)) visit(name, ROOT);
  for (const name of WORKBOX) if (findPackage(name, ROOT) !== undefined) visit(name, ROOT);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param {ReturnType<typeof collect>} packages */
function toTable(packages) {
  const rows = packages.map((each) => `| ${each.name} | ${each.version} | ${each.licence} | ${each.holder} |`);
  return ['| package | version | licence | copyright or author |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const packages = collect();
const refused = packages.filter((each) => !ALLOWED.has(each.licence));
for (const each of refused) console.error(`${each.name} ${each.version}: licence "${each.licence}" is not on the list`);

const document = readFileSync(DOCUMENT, 'utf8');
const [before, rest] = document.split(BEGIN);
const after = rest?.split(END)[1];
if (after === undefined) throw new Error(`THIRD_PARTY.md has no "${BEGIN}" ... "${END}"`);
const updated = `${before}${BEGIN}\n\n${toTable(packages)}\n\n${END}${after}`;

if (!process.argv.includes('--check')) {
  writeFileSync(DOCUMENT, updated);
  console.log(`${packages.length} packages listed in THIRD_PARTY.md`);
} else if (updated !== document) {
  console.error('THIRD_PARTY.md is out of date: run node tools/third-party.mjs');
  process.exitCode = 1;
} else {
  console.log(
    `${packages.length} packages, all listed, licences: ${[...new Set(packages.map((p) => p.licence))].join(', ')}`,
  );
}
if (refused.length > 0) process.exitCode = 1;
