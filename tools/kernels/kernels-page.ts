/** Counts kernels on the browser's GPU; tools/kernels.mjs asks for it. */
import { lazyGraph } from '../../src/core/weights';
import type { RawSession, Runtime } from '../../src/engine/ports';
import { createRuntime } from '../../src/platform/gpu/create-runtime';
import { countDispatches, type DispatchCounter } from './count-dispatches';
import { countCall, inputsOf, kernelGraph, zeros, type KernelQuestion } from './kernel-cases';

declare global {
  interface Window {
    /** @returns the adapter's name, and pairs of a kernel and how often it ran */
    countKernels(question: KernelQuestion): Promise<{ adapter: string; counts: [string, number][] }>;
    /** Makes a session for `timeCalls`, and calls it twice. */
    prepareCalls(question: KernelQuestion): Promise<void>;
    /** @returns of each call, milliseconds until its last kernels were sent to the GPU */
    timeCalls(calls: number): Promise<number[]>;
  }
}

let counter: DispatchCounter | undefined;
let sentAt = 0;
const request = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (descriptor) {
  const device = await request.call(this, descriptor);
  counter = countDispatches(device);
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  queue.submit = (commands) => {
    submit(commands);
    sentAt = performance.now();
  };
  return device;
};

let runtime: Promise<Runtime> | undefined;

window.countKernels = async (question) => {
  const opened = await (runtime ??= createRuntime('webgpu'));
  if (!counter) throw new Error('no device was opened');
  const counts = await countCall(question, { counter, createSession: (graph) => opened.createSession(graph) });
  return { adapter: opened.device.adapter, counts: [...counts] };
};

let call: (() => ReturnType<RawSession['run']>) | undefined;
let dispose: (() => Promise<void>) | undefined;

window.prepareCalls = async (question) => {
  await dispose?.();
  const graph = kernelGraph(question);
  const session = await (await (runtime ??= createRuntime('webgpu'))).createSession(lazyGraph(graph, zeros));
  const inputs = inputsOf(graph, question.side);
  call = () => session.run(inputs);
  dispose = () => session.dispose();
  for (let i = 0; i < 2; i++) await call();
};

window.timeCalls = async (calls) => {
  const times: number[] = [];
  for (let i = 0; i < calls; i++) {
    const began = performance.now();
    await call?.();
    times.push(sentAt - began);
  }
  return times;
};
