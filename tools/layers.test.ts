/** The layer rules bite: one import that each rule must refuse, and the ones it must let through. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CACHE, ROOT } from './lib/paths.mjs';

const require = createRequire(import.meta.url);

/** Files of a small tree of our shape; every one is a target somewhere below. */
const TARGETS = [
  'src/core/a.ts',
  'src/core/networks/unet.ts',
  'src/core/families/sd15.ts',
  'src/core/samplers/euler.ts',
  'src/core/a.test.ts',
  'src/engine/api.ts',
  'src/engine/ports.ts',
  'src/engine/engine.ts',
  'src/platform/gpu/runtime.ts',
  'src/app/main.ts',
  'workers/engine.worker.ts',
  'tools/a.ts',
];

const valueOf = (path: string) => `import { x } from '${path}'; export const y = x;`;
const typeOf = (path: string) => `import type { X } from '${path}'; export type Y = X;`;

const REFUSED: [rule: string, file: string, text: string][] = [
  ['core-imports-core', 'src/core/b.ts', valueOf('../engine/ports')],
  ['core-imports-core', 'src/core/b.ts', typeOf('../app/main')],
  ['core-without-packages', 'src/core/b.ts', valueOf('node:fs')],
  ['core-without-packages', 'src/engine/b.ts', valueOf('idb-keyval')],
  ['engine-imports-core', 'src/engine/b.ts', valueOf('../platform/gpu/runtime')],
  ['platform-imports-core-and-ports', 'src/platform/net/b.ts', typeOf('../../engine/engine')],
  ['platform-takes-only-types-from-api', 'src/platform/net/b.ts', valueOf('../../engine/api')],
  ['workers-do-not-import-app', 'workers/b.ts', valueOf('../src/app/main')],
  ['app-imports-core-and-api', 'src/app/b.ts', valueOf('../platform/gpu/runtime')],
  ['app-imports-core-and-api', 'src/app/b.ts', typeOf('../engine/engine')],
  ['app-imports-core-and-api', 'src/app/b.ts', valueOf('../../workers/engine.worker')],
  ['app-imports-core-and-api', 'src/app/B.svelte', `<script lang="ts">${valueOf('../engine/engine')}</script>{y}`],
  ['onnxruntime-only-in-gpu', 'src/platform/net/b.ts', valueOf('onnxruntime-web/webgpu')],
  ['onnxruntime-only-in-gpu', 'src/core/networks/b.ts', typeOf('onnxruntime-common')],
  ['transformers-only-in-text', 'src/platform/net/b.ts', valueOf('@huggingface/transformers')],
  ['comlink-only-at-the-seam', 'src/app/state/b.ts', valueOf('comlink')],
  ['samplers-do-not-know-networks', 'src/core/samplers/b.ts', valueOf('../networks/unet')],
  ['networks-do-not-know-families', 'src/core/networks/b.ts', typeOf('../families/sd15')],
  ['families-are-data', 'src/core/families/b.ts', valueOf('../networks/unet')],
  ['clients-know-what-crosses', 'src/clients/b.ts', valueOf('../engine/engine')],
  ['nothing-ships-tests', 'src/core/b.ts', valueOf('./a.test')],
  ['src-without-tools', 'src/core/b.test.ts', valueOf('../../tools/a')],
  ['resolves', 'src/core/b.ts', valueOf('./nowhere')],
];

const ALLOWED: [file: string, text: string][] = [
  ['src/engine/b.ts', valueOf('../core/a')],
  ['src/platform/net/b.ts', valueOf('../../core/a')],
  ['src/platform/net/b.ts', typeOf('../../engine/ports')],
  ['src/platform/net/b.ts', typeOf('../../engine/api')],
  ['src/platform/gpu/b.ts', valueOf('onnxruntime-web/webgpu')],
  ['src/platform/text/b.ts', valueOf('@huggingface/transformers')],
  ['src/core/b.ts', valueOf('fflate')],
  ['src/core/families/b.ts', typeOf('../networks/unet')],
  ['src/app/b.ts', valueOf('../core/a')],
  ['src/app/b.ts', typeOf('../engine/api')],
  ['src/clients/b.ts', valueOf('comlink')],
  ['workers/b.ts', valueOf('../src/engine/engine')],
  ['src/core/b.test.ts', valueOf('../platform/gpu/runtime')],
];

let tree = '';

beforeAll(() => {
  mkdirSync(CACHE, { recursive: true });
  tree = mkdtempSync(join(CACHE, 'layers-'));
  for (const file of TARGETS) write(file, 'export const x = 1; export type X = number;');
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe('layer rules', () => {
  it.each(REFUSED)('%s: refuses %s: %s', async (rule, file, text) => {
    expect(await brokenRules(file, text)).toContain(rule);
  });

  it.each(ALLOWED)('let %s: %s', async (file, text) => {
    expect(await brokenRules(file, text)).toEqual([]);
  });

  it('no-cycles: refuses two modules that need each other', async () => {
    write('src/core/c.ts', valueOf('./b'));
    expect(await brokenRules('src/core/b.ts', valueOf('./c'))).toContain('no-cycles');
    rmSync(join(tree, 'src/core/c.ts'));
  });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}

/** The rules that the tree breaks with this one file added. */
async function brokenRules(file: string, text: string): Promise<string[]> {
  write(file, text);
  try {
    const config = require(join(ROOT, '.dependency-cruiser.cjs')) as IConfiguration;
    const { tsPreCompilationDeps, doNotFollow, enhancedResolveOptions } = config.options ?? {};
    const { output } = await cruise(
      ['src', 'workers'],
      { tsPreCompilationDeps, doNotFollow, ruleSet: { forbidden: config.forbidden }, validate: true, baseDir: tree },
      enhancedResolveOptions,
    );
    return (output as ICruiseResult).summary.violations.map((violation) => violation.rule.name);
  } finally {
    rmSync(join(tree, file));
  }
}
