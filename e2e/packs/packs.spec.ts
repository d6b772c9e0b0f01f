/** Packs travel: made in Node, opened in a real browser, and the other way round, at the true widths of the published models. */
import { expect, test, type Page } from '@playwright/test';
import { createServer, type ViteDevServer } from 'vite';
import { assertPack, importCheckpoint, parsePack, type DtypePlanId, type Pack } from '../../src/core/packs';
import { memoryPacks, type MemoryPacks } from '../../src/core/packs/testing/memory-packs';
import { smallModel, type SmallFamily } from '../../src/core/packs/testing/small-models';
import { relativeError } from '../../src/core/weights/testing/numbers';
import { createNodeRuntime } from '../../workers/testing/node-ports';
import { needsTime } from '../support/lavapipe';
import { runComponents } from './run-components';

needsTime();

const FAMILIES: [SmallFamily, DtypePlanId][] = [
  ['sd15-inpaint', 'float16'],
  ['sd21', 'q8'],
  ['sdxl', 'q8'],
];

let server: ViteDevServer;
let page: Page;

test.beforeAll(async ({ browser }) => {
  server = await createServer({
    configFile: false,
    root: new URL('../..', import.meta.url).pathname,
    cacheDir: '.cache/packs',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['e2e/packs/index.html'] },
    logLevel: 'error',
  });
  await server.listen();
  page = await browser.newPage();
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}e2e/packs/index.html`);
  await page.waitForFunction(() => 'packHere' in window);
});

test.afterAll(async () => {
  await page.close();
  await server.close();
});

async function packInNode(family: SmallFamily, plan: DtypePlanId): Promise<{ store: MemoryPacks; pack: Pack }> {
  const store = memoryPacks();
  const draft = store.create(family);
  const sources = smallModel(family, 'true');
  const pack = await importCheckpoint({ sources, id: family, name: family, plan, draft, onProgress: () => undefined });
  return { store, pack };
}

for (const [family, plan] of FAMILIES)
  test(`a pack of ${family} as ${plan} is the same, and computes the same, in Node and here`, async () => {
    test.setTimeout(900_000); // seconds where nothing else runs
    const { store, pack } = await packInNode(family, plan);
    await page.route(`**/hosted/${family}/*`, (route) => {
      const file = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
      const body =
        file === 'pack.json' ? JSON.stringify(pack) : Buffer.from(store.files.get(`${family}/${file}`) ?? []);
      return route.fulfill({ body, contentType: 'application/octet-stream' });
    });
    const provider = test.info().project.name === 'webgpu' ? 'webgpu' : 'wasm';
    const here = await page.evaluate(
      ([folder, on]) => window.runHosted(folder, on as 'wasm'),
      [`/hosted/${family}`, provider],
    );
    const there = await runComponents(store.open(family), createNodeRuntime());
    expect(Object.keys(here)).toEqual(Object.keys(there));
    for (const [id, values] of Object.entries(there)) {
      expect(values.some((value) => value !== 0)).toBe(true);
      expect(relativeError(here[id], values), id).toBeLessThan(plan === 'q8' ? 2e-2 : 1e-4);
    }
    // Made here: the same keys, and shards of the same hashes, so that Node reads from it what it reads from its own.
    const madeHere = parsePack(family, await page.evaluate(([f, p]) => window.packHere(f, p), [family, plan] as const));
    assertPack(madeHere);
    expect(madeHere).toEqual(JSON.parse(JSON.stringify(pack)));
  });
