/** The same on WebGPU; tools/lib/lavapipe-page.mjs asks for it and prints. */
import { createRuntime } from '../../../src/platform/gpu/create-runtime';
import { measureSettings, type FullSize } from '../settings';

declare global {
  interface Window {
    /** CPU time of the whole browser, asked of the process that started it. */
    cpuMs(): Promise<number>;
    print(line: string): Promise<void>;
    measureAdapters(what: FullSize): Promise<void>;
  }
}

window.measureAdapters = async (what) => {
  const runtime = await createRuntime('webgpu');
  try {
    for await (const line of measureSettings(what, { runtime, cpuMs: window.cpuMs })) await window.print(line);
  } finally {
    await runtime.dispose();
  }
};
