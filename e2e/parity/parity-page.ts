/** Runs one parity case on one provider in a real browser; the spec calls it by name. */
import { createRuntime } from '../../src/platform/gpu/create-runtime';
import { parityError } from '../../src/core/models/testing/parity';
import type { DeviceReport } from '../../src/engine/api';

export interface ParityResult {
  device: DeviceReport;
  error: number;
}

declare global {
  interface Window {
    runParity(name: string, provider: 'webgpu' | 'wasm'): Promise<ParityResult>;
  }
}

// not import.meta.url: Vite would take the folder for an asset
const fixtures = new URL('/src/core/models/fixtures/', location.href);

window.runParity = async (name, provider) => {
  const runtime = await createRuntime(provider);
  try {
    const error = await parityError(name, {
      target: runtime.target,
      read: async (path) => new Uint8Array(await (await fetch(new URL(path, fixtures))).arrayBuffer()),
      createSession: (graph) => runtime.createSession(graph),
    });
    return { device: runtime.device, error };
  } finally {
    await runtime.dispose();
  }
};
