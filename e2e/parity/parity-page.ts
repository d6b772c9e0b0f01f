/** Runs parity cases on one device in a real browser; the specs call it by name. */
import { parityError } from '../../src/core/networks/testing/parity';
import type { DtypePlanId } from '../../src/core/packs';
import type { DeviceReport } from '../../src/engine/api';
import type { Runtime } from '../../src/engine/ports';
import { createRuntime } from '../../src/platform/gpu/create-runtime';
import { kernelError } from '../../tools/half-precision/run-kernel';
import { packErrors, type PackErrors } from './pack-case';
import { chooseSubgroups } from './choose-subgroups';

export interface DeviceChoice {
  provider: 'webgpu' | 'wasm';
  /** Asked for or left out, whatever the app would do; without it as the app does. */
  subgroups?: boolean;
}

export type Activations = 'float32' | 'float16';

declare global {
  interface Window {
    /** One for all cases of a page: compiled shaders serve more than one. `features` are the device's. */
    openDevice(choice: DeviceChoice): Promise<{ device: DeviceReport; features: string[] }>;
    runParity(name: string, activations: Activations): Promise<number>;
    /** A case of KERNEL_CASES against the CPU in float32. */
    runKernel(name: string, activations: Activations): Promise<number>;
    /** @returns by component */
    runPack(plan: DtypePlanId, activations: Activations, packsKernels?: boolean): Promise<Record<string, PackErrors>>;
  }
}

// not import.meta.url: Vite would take the folder for an asset
const fixtures = new URL('/src/core/networks/fixtures/', location.href);
const starter = new URL('/tools/starter/model/', location.href);

let runtime: Runtime | undefined;

function opened(): Runtime {
  if (!runtime) throw new Error('openDevice comes first');
  return runtime;
}

const read =
  (folder: URL) =>
  async (path: string): Promise<Uint8Array> =>
    new Uint8Array(await (await fetch(new URL(path, folder))).arrayBuffer());

window.openDevice = async ({ provider, subgroups }) => {
  const features = chooseSubgroups(subgroups);
  runtime = await createRuntime(provider);
  return { device: runtime.device, features: features() };
};

window.runParity = (name, activations) =>
  parityError(name, {
    form: { target: opened().target, activations },
    read: read(fixtures),
    createSession: (graph) => opened().createSession(graph),
  });

let cpu: Promise<Runtime> | undefined;

window.runKernel = async (name, activations) => {
  cpu ??= createRuntime('wasm');
  return kernelError(name, activations, { subject: opened(), reference: await cpu });
};

window.runPack = (plan, activations, packsKernels = false) =>
  packErrors(opened(), { plan, activations, packsKernels, read: read(starter) });
