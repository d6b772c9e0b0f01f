/** Runs one parity case on one provider in a real browser; the spec calls it by name. */
import { createRuntime } from '../../src/platform/gpu/create-runtime';
import { parityError } from '../../src/core/models/testing/parity';
import type { DtypePlanId } from '../../src/core/packs';
import type { DeviceReport } from '../../src/engine/api';
import { packErrors } from './pack-case';

export interface ParityResult {
  device: DeviceReport;
  error: number;
}

declare global {
  interface Window {
    runParity(name: string, provider: 'webgpu' | 'wasm'): Promise<ParityResult>;
    /** @returns errors by component */
    runPack(plan: DtypePlanId, provider: 'webgpu' | 'wasm'): Promise<Record<string, number>>;
  }
}

// not import.meta.url: Vite would take the folder for an asset
const fixtures = new URL('/src/core/models/fixtures/', location.href);

/** One for all cases of a page: compiled shaders serve more than one. */
let runtime: ReturnType<typeof createRuntime> | undefined;

const starter = new URL('/tools/starter/model/', location.href);

const read =
  (folder: URL) =>
  async (path: string): Promise<Uint8Array> =>
    new Uint8Array(await (await fetch(new URL(path, folder))).arrayBuffer());

window.runPack = async (plan, provider) => packErrors(await (runtime ??= createRuntime(provider)), plan, read(starter));

window.runParity = async (name, provider) => {
  const opened = await (runtime ??= createRuntime(provider));
  const error = await parityError(name, {
    form: opened.target,
    read: read(fixtures),
    createSession: (graph) => opened.createSession(graph),
  });
  return { device: opened.device, error };
};
