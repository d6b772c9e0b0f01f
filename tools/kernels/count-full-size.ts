/** Kernels of the published sizes, on the GPU that computes nothing (tools/memory/fake-gpu.ts). */
import { createGpuRuntime } from '../../src/platform/gpu/gpu-runtime';
import type { OrtModule } from '../../src/platform/gpu/ort-module';
import type { Ort } from '../../src/platform/gpu/ort-session';
import { createFakeGpu, installFakeGpu } from '../memory/fake-gpu';
import { countDispatches } from './count-dispatches';
import { countCall, type KernelQuestion } from './kernel-cases';

/** @returns pairs of a kernel and how often it ran */
export async function countFullSize(
  question: KernelQuestion,
  importOrt: () => Promise<Ort>,
): Promise<[string, number][]> {
  const { device } = createFakeGpu();
  installFakeGpu(device);
  const counter = countDispatches(device);
  const runtime = createGpuRuntime((await importOrt()) as OrtModule, device, 'counts');
  return [...(await countCall(question, { counter, createSession: (graph) => runtime.createSession(graph) }))];
}
