/** The check in Node, through Dawn, where no browser runs: the same steps on onnxruntime-web's asyncify build. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { platform, release } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CheckHost, CheckOptions, CheckState } from '../check/check-host';
import { copySharedWrites } from './copy-shared-writes';

interface Asked {
  options: CheckOptions;
  state?: CheckState;
  secondsLeft: number;
  /** Folders of the kit's data, of dawn.node, and the file of the runtime. */
  data: string;
  dawn: string;
  wasm: string;
  /** Dawn's own switches: "backend=vulkan". */
  dawnOptions: string[];
}

interface DawnModule {
  create(options: string[]): GPU;
  globals: Record<string, unknown>;
}

/** What a browser has around the runtime. */
function makeGlobals({ dawn, dawnOptions }: Asked): void {
  const { create, globals } = createRequire(import.meta.url)(dawn) as DawnModule;
  Object.assign(globalThis, globals, { self: globalThis });
  const gpu = create(dawnOptions);
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu, hardwareConcurrency: 1, userAgent: 'Node', platform: platform() },
    configurable: true,
  });
  copySharedWrites();
}

/** A file of the kit, packed or not. */
const readFile = (path: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path));

function readData(folder: string, path: string): Uint8Array<ArrayBuffer> {
  try {
    return readFile(join(folder, `${path}.gz`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return readFile(join(folder, path));
  }
}

/**
 * What Dawn has yet to answer does not keep Node's event loop alive. Where nothing else does, Node waits for V8 to have optimised all of
 * the runtime's 27 MB of wasm before it looks again: minutes, which look like a hang (Node 20, webgpu 0.6.2).
 */
const ALIVE_MS = 5;

async function run(asked: Asked): Promise<void> {
  setInterval(() => undefined, ALIVE_MS);
  makeGlobals(asked);
  const ort = (await import('onnxruntime-web/webgpu')) as unknown as { env: { wasm: { wasmBinary?: Uint8Array } } };
  ort.env.wasm.wasmBinary = readFile(asked.wasm);
  const { runCheck } = await import('../check/run-check');
  const start = performance.now();
  const host: CheckHost = {
    options: asked.options,
    name: `Dawn in Node ${process.versions.node}, ${platform()} ${release()}`,
    state: asked.state,
    read: (path) => Promise.resolve(readData(asked.data, path)),
    now: () => performance.now(),
    date: () => new Date().toISOString(),
    secondsLeft: () => asked.secondsLeft - (performance.now() - start) / 1000,
    tell: (message) => new Promise((resolve) => process.send?.(message, () => resolve())),
  };
  await runCheck(host);
}

process.once('message', (asked) => {
  run(asked as Asked).then(
    () => process.exit(0),
    (error: unknown) => {
      process.send?.({ type: 'unusable', reason: error instanceof Error ? error.message : String(error) }, () =>
        process.exit(1),
      );
    },
  );
});
