/** `node tools/rooms.mjs`: the figures of docs/decisions/architecture.md, from the sources as they are: files, arrows and circles of rooms, who names what. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { ROOT } from './lib/paths.mjs';

const TEST = /\.test\.ts$|\/(testing|fixtures)\//;

/** A family in quotes or as a key, and a component likewise: 'sdxl', "unet:". */
const FAMILY = /['"](sd15|sd21|sdxl)['"]|\b(sd15|sd21|sdxl)\b\s*[:?]|isXl|isSd21/;
const COMPONENT =
  /['"](text_encoder(_2)?|unet|vae_(de|en)coder|taesd_decoder)['"]|\b(text_encoder(_2)?|vae_(de|en)coder|taesd_decoder)\b\s*[:?]/;
const FIELD = /\bcfgScale\b/;

const { output } = await cruise(['src', 'workers'], {
  baseDir: ROOT,
  exclude: { path: 'node_modules|^src/core/universal\\.d\\.ts$' },
  doNotFollow: { path: 'node_modules' },
  tsPreCompilationDeps: true,
  includeOnly: { path: '^(src|workers)/' },
});
if (typeof output === 'string') throw new Error(output);
const modules = output.modules.filter(({ source }) => !TEST.test(source) && /\.(ts|svelte)$/.test(source));
const sources = new Set(modules.map(({ source }) => source));

/** Files of one folder belong together; a table beside its data, too. @param {string} path */
const roomOf = (path) => path.slice(0, path.lastIndexOf('/'));

/** @type {Map<string, number>} */
const rooms = new Map();
const arrows = new Set();
/** @type {Map<string, string[]>} */
const imports = new Map();
for (const { source, dependencies } of modules) {
  rooms.set(roomOf(source), (rooms.get(roomOf(source)) ?? 0) + 1);
  const known = dependencies.map(({ resolved }) => resolved).filter((path) => sources.has(path));
  imports.set(source, known);
  for (const path of known) if (roomOf(path) !== roomOf(source)) arrows.add(`${roomOf(source)} -> ${roomOf(path)}`);
}

const text = (/** @type {string} */ path) =>
  readFileSync(join(ROOT, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
const naming = (/** @type {RegExp} */ pattern, /** @type {RegExp} */ home = /^$/) =>
  [...sources].filter((path) => pattern.test(text(path)) && !home.test(path)).sort();

const circles = circlesOf(imports);
const sizes = [...rooms.values()].sort((a, b) => a - b);
console.log(
  JSON.stringify(
    {
      files: sources.size,
      rooms: rooms.size,
      filesPerRoom: {
        median: sizes[sizes.length >> 1],
        largest: Object.fromEntries([...rooms].sort((a, b) => b[1] - a[1]).slice(0, 8)),
      },
      arrows: arrows.size,
      circlesWithTypes: circles.map((circle) => circle.sort()),
      naming: {
        families: naming(FAMILY, /^src\/core\/families\//),
        components: naming(COMPONENT, /^src\/core\/(networks|families)\//),
        cfgScale: naming(FIELD),
      },
    },
    undefined,
    1,
  ),
);

/**
 * Strongly connected components of more than one file, types included (Tarjan).
 *
 * @param {Map<string, string[]>} graph
 * @returns {string[][]}
 */
function circlesOf(graph) {
  /** @type {string[]} */
  const stack = [];
  const index = new Map();
  const low = new Map();
  /** @type {string[][]} */
  const found = [];
  const visit = (/** @type {string} */ at) => {
    index.set(at, index.size);
    low.set(at, index.get(at));
    stack.push(at);
    for (const to of graph.get(at) ?? []) {
      if (!index.has(to)) visit(to);
      if (stack.includes(to)) low.set(at, Math.min(low.get(at), low.get(to)));
    }
    if (low.get(at) !== index.get(at)) return;
    const circle = stack.splice(stack.indexOf(at));
    if (circle.length > 1) found.push(circle);
  };
  for (const at of graph.keys()) if (!index.has(at)) visit(at);
  return found;
}
