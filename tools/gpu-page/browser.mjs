/** Starts the browser with one set of flags after the other, until its WebGPU is no software. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu-sandbox',
  '--disable-gpu-watchdog',
  '--ignore-gpu-blocklist',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--enable-webgpu-developer-features',
  '--enable-dawn-features=vulkan_enable_f16_on_nvidia',
];

const VULKAN = ['--enable-features=Vulkan', '--use-angle=vulkan'];

/** Sets of flags in the order in which they are tried. */
export const FLAG_SETS = {
  'vulkan without a surface': [...VULKAN, '--disable-vulkan-surface'],
  vulkan: VULKAN,
  'gl over egl': ['--enable-features=Vulkan', '--use-gl=angle', '--use-angle=gl-egl', '--use-webgpu-adapter=default'],
  'software gl': ['--enable-features=Vulkan', '--use-angle=swiftshader', '--use-webgpu-adapter=default'],
  'in the browser’s process': [
    ...VULKAN,
    '--disable-vulkan-surface',
    '--in-process-gpu',
    '--use-webgpu-adapter=default',
  ],
};

/** What stands in for a GPU in a rehearsal: the library of tools/lavapipe in SwiftShader's place. */
export const REHEARSAL_SETS = { lavapipe: ['--use-webgpu-adapter=swiftshader'] };

const ADAPTER_MS = 20_000;
const LOG_TAIL = 5000;

/**
 * @param {object} options
 * @param {string} options.executablePath
 * @param {string} options.url     the app's
 * @param {string} options.log     where the program's wrapper keeps what the browser says
 * @param {Record<string, string[]>} options.sets
 * @param {boolean} options.acceptsSoftware
 * @param {(tried: object) => void} options.onTried
 */
export async function openOnGpu({ executablePath, url, log, sets, acceptsSoftware, onTried }) {
  for (const [name, flags] of Object.entries(sets)) {
    const start = performance.now();
    const logStart = sizeOf(log);
    const profile = mkdtempSync(join(tmpdir(), 'gesso-page-'));
    const tried = { name, flags };
    let context;
    try {
      // A profile on disk: in one without, all that is stored would be kept in memory, within its limits.
      context = await chromium.launchPersistentContext(profile, {
        executablePath,
        args: [...QUIET, ...flags],
        serviceWorkers: 'block',
        viewport: { width: 1280, height: 1000 },
        timeout: 30_000,
      });
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(new URL('manifest.webmanifest', url).href);
      tried.version = context.browser()?.version();
      tried.adapter = await within(ADAPTER_MS, page.evaluate(readAdapter));
    } catch (error) {
      tried.error = String(error).slice(0, 1500);
    }
    tried.seconds = round((performance.now() - start) / 1000);
    const isGood = tried.adapter && (acceptsSoftware || !tried.adapter.isSoftware);
    if (isGood) {
      onTried(tried);
      const close = async () => {
        await within(10_000, context.close()).catch(() => undefined);
        rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
      };
      return { context, page: context.pages()[0], close };
    }
    if (context) tried.gpuPage = await within(8000, readGpuPage(context)).catch((error) => String(error).slice(0, 300));
    tried.log = tail(log, logStart);
    onTried(tried);
    await within(8000, context?.close() ?? Promise.resolve()).catch(() => undefined);
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  }
  throw new Error('No set of flags gave WebGPU on a GPU.');
}

/** Runs in the page. */
async function readAdapter() {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return undefined;
  const { info, limits, features } = adapter;
  const names = ['vendor', 'architecture', 'device', 'description', 'driver', 'backend', 'type'];
  return {
    ...Object.fromEntries(names.map((name) => [name, info[name]])),
    subgroups: [info.subgroupMinSize, info.subgroupMaxSize],
    isSoftware:
      Boolean(info.isFallbackAdapter) || /swiftshader|llvmpipe/i.test(`${info.architecture} ${info.description}`),
    shaderF16: features.has('shader-f16'),
    hasSubgroups: features.has('subgroups'),
    features: [...features],
    limits: Object.fromEntries(
      [
        'maxBufferSize',
        'maxStorageBufferBindingSize',
        'maxComputeWorkgroupStorageSize',
        'maxStorageBuffersPerShaderStage',
      ].map((name) => [name, limits[name]]),
    ),
  };
}

async function readGpuPage(context) {
  const page = await context.newPage();
  await page.goto('chrome://gpu');
  await page.waitForTimeout(1500);
  const text = await page.evaluate(() => {
    const texts = (node) =>
      (node.shadowRoot ? texts(node.shadowRoot) : '') +
      (node.children?.length ? [...node.children].map(texts).join('\n') : (node.textContent ?? ''));
    return texts(document.body);
  });
  return text.replace(/\n{2,}/g, '\n').slice(0, 8000);
}

export async function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${Math.round(ms / 1000)} s.`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export const round = (number) => Number(number.toFixed(3));

export function sizeOf(path) {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** The end of what was written since. */
export function tail(path, from = 0) {
  try {
    return readFileSync(path).subarray(from).toString('utf8').slice(-LOG_TAIL);
  } catch {
    return '';
  }
}
