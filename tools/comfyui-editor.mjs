/**
 * `node tools/comfyui-editor.mjs EDITOR FOLDER…`: opens every workflow of these folders in ComfyUI's own editor, in a headless browser and
 * without its server, lets it make the prompt, and says where Gesso's is another. EDITOR is the folder `static` of PyPI's
 * comfyui-frontend-package (`pip download --no-deps`, unzipped); it is told of the classes that Gesso knows.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findBrowser } from './lib/browser.mjs';
import { chromiumArgs } from './lib/chromium-args.mjs';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { fail, prepare } from './lib/prepare.mjs';
import { serve } from './lib/serve.mjs';
import { answerFor } from './comfyui-editor/stub-server.mjs';

const [editor, ...folders] = process.argv.slice(2);
if (editor === undefined || folders.length === 0) fail('node tools/comfyui-editor.mjs EDITOR FOLDER…');

await prepare({ quiet: true });
const { objectInfo } = /** @type {typeof import('./comfyui-editor/object-info')} */ (
  await loadTypeScript('tools/comfyui-editor/object-info.ts').catch(fail)
);
const { describedByFiles } = /** @type {typeof import('./comfyui-editor/described-by-files')} */ (
  await loadTypeScript('tools/comfyui-editor/described-by-files.ts').catch(fail)
);
const { comparePrompts, readOwn } = /** @type {typeof import('./comfyui-editor/compare-prompts')} */ (
  await loadTypeScript('tools/comfyui-editor/compare-prompts.ts').catch(fail)
);

/** @param {string} path @returns {string[]} */
const filesOf = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.json$/i.test(name))
        .map((name) => join(path, name))
        .sort()
    : [path];

const files = folders.flatMap(filesOf).flatMap((path) => {
  const own = readOwn(readFileSync(path, 'utf8'));
  return own === undefined ? [] : [{ path, own }];
});
const classes = { ...describedByFiles(files.map(({ own }) => own.document)), ...objectInfo() };
const objects = JSON.stringify(classes, (_, value) => (typeof value === 'bigint' ? Number(value) : value));

const server = await serve({ dir: String(editor), port: 0 });
const browser = await chromium.launch({ executablePath: await findBrowser(), args: chromiumArgs('none') });
try {
  const page = await browser.newPage({ serviceWorkers: 'block' });
  await page.routeWebSocket(/\/ws/, () => {});
  await page.route(/\/(api|internal)\//, (route) => {
    const { status, body } = answerFor(new URL(route.request().url()).pathname, objects);
    return route.fulfill({ status, contentType: 'application/json', body });
  });
  await begin();

  async function begin() {
    await page.goto(server.url);
    await page.waitForFunction(
      'window.app?.extensionManager && window.LiteGraph?.registered_node_types?.KSampler',
      undefined,
      { timeout: 120_000 },
    );
  }

  /** @param {{ workflow: string, prompt: import('../src/core/comfyui/workflows').ApiPrompt }} own */
  async function compared({ workflow, prompt }) {
    const answer = await page.evaluate(promptOf, workflow).catch((error) => ({ failed: String(error.message) }));
    return 'failed' in answer
      ? [`the editor fails: ${answer.failed}`]
      : comparePrompts(prompt, JSON.parse(answer.prompt));
  }

  let same = 0;
  for (const { path, own } of files) {
    let differences = await compared(own);
    // The editor keeps values of the graphs before by the ids of nodes: what differs is tried by itself.
    if (differences.length > 0) {
      await begin();
      differences = await compared(own);
    }
    if (differences.length === 0) same++;
    else console.log(`${path}\n${differences.map((line) => `  ${line}`).join('\n')}`);
  }
  console.log(`${same} of ${files.length} workflows give the prompt of ComfyUI's editor`);
} finally {
  await browser.close();
  await server.close();
}

/** In the editor's page. @param {string} workflow @returns {Promise<{ prompt: string }>} */
async function promptOf(workflow) {
  const { app } = /** @type {any} */ (window);
  await app.loadGraphData(JSON.parse(workflow), true, false, null, {
    showMissingNodesDialog: false,
    showMissingModelsDialog: false,
  });
  const { output } = await app.graphToPrompt();
  return { prompt: JSON.stringify(output) };
}
