/** Counts kernels on the browser's GPU; tools/kernels.mjs asks for it. */
import type { Runtime } from '../../src/engine/ports';
import { createRuntime } from '../../src/platform/gpu/create-runtime';
import { countDispatches, type DispatchCounter } from './count-dispatches';
import { countCall, type KernelQuestion } from './kernel-cases';

declare global {
  interface Window {
    /** @returns the adapter's name, and pairs of a kernel and how often it ran */
    countKernels(question: KernelQuestion): Promise<{ adapter: string; counts: [string, number][] }>;
  }
}

let counter: DispatchCounter | undefined;
const request = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (descriptor) {
  const device = await request.call(this, descriptor);
  counter = countDispatches(device);
  return device;
};

let runtime: Promise<Runtime> | undefined;

window.countKernels = async (question) => {
  const opened = await (runtime ??= createRuntime('webgpu'));
  if (!counter) throw new Error('no device was opened');
  const counts = await countCall(question, { counter, createSession: (graph) => opened.createSession(graph) });
  return { adapter: opened.device.adapter, counts: [...counts] };
};
