/** The page of e2e/parity, served as it is, and what becomes of the errors that it measures. */
import { test, type Browser, type Page } from '@playwright/test';
import { realpathSync } from 'node:fs';
import { createServer } from 'vite';
import type { DeviceChoice } from '../parity/parity-page';

export type { Activations, DeviceChoice } from '../parity/parity-page';

/** Where parity was measured: one line of docs/parity.md, or a cell of one. */
export interface Measured {
  kind: 'case' | 'pack' | 'kernel';
  /** Name in PARITY_CASES or KERNEL_CASES, or plan and component of a pack. */
  name: string;
  device: string;
  activations: 'float32' | 'float16';
  subgroups: boolean;
  error: number;
  limit: number;
}

/** Kept in Playwright's report, from where tools/parity-table.mjs takes it. */
export function record(measured: Measured): void {
  test.info().annotations.push({ type: 'parity', description: JSON.stringify(measured) });
}

/** A whole picture in half precision against full precision. */
export interface Flow {
  name: string;
  size: string;
  decibels: number;
  /** The same picture without what the flow sets; none where it has another size. */
  fromPlain?: number;
}

export function recordFlow(flow: Flow): void {
  test.info().annotations.push({ type: 'flow', description: JSON.stringify(flow) });
}

export interface ParityServer {
  url: string;
  close(): Promise<void>;
}

export async function serveParity(): Promise<ParityServer> {
  const root = new URL('../..', import.meta.url).pathname;
  const server = await createServer({
    configFile: false,
    root,
    cacheDir: '.cache/parity',
    // A source that is edited meanwhile must not load the page again in the middle of a case.
    server: {
      ...{ port: 0, host: '127.0.0.1', hmr: false, watch: null },
      // node_modules may be a link to another working copy's
      fs: { allow: [root, realpathSync(`${root}node_modules`)] },
    },
    optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['e2e/parity/index.html'] },
    logLevel: 'error',
  });
  await server.listen();
  return { url: `${server.resolvedUrls?.local[0] ?? ''}e2e/parity/index.html`, close: () => server.close() };
}

/** ONNX Runtime has two builds: the one with JSPI, and the one for browsers without. */
export type Flavour = 'jspi' | 'asyncify';

export interface OpenedParity {
  page: Page;
  device: import('../../src/engine/api').DeviceReport;
  features: string[];
}

/** A page with one device. The caller closes the page. */
export async function openParity(
  browser: Browser,
  url: string,
  { flavour = 'jspi', ...choice }: DeviceChoice & { flavour?: Flavour },
): Promise<OpenedParity> {
  const page = await browser.newPage();
  if (flavour === 'asyncify') await page.addInitScript(() => Reflect.deleteProperty(WebAssembly, 'Suspending'));
  await page.goto(url);
  await page.waitForFunction(() => 'openDevice' in window);
  if ((await page.evaluate(() => 'Suspending' in WebAssembly)) !== (flavour === 'jspi'))
    throw new Error(`this browser does not run the flavour ${flavour}`);
  return { page, ...(await page.evaluate((asked) => window.openDevice(asked), choice)) };
}
