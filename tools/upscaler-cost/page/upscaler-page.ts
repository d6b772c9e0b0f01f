/** The same on WebGPU; tools/lib/lavapipe-page.mjs asks for it and prints. */
import { createRuntime } from '../../../src/platform/gpu/create-runtime';
import { measureUpscalers, type UpscalerQuestion } from '../measure';

declare global {
  interface Window {
    measureUpscalers(question: UpscalerQuestion): Promise<void>;
  }
}

window.measureUpscalers = async (question) => {
  const runtime = await createRuntime('webgpu');
  const { cpuMs } = window;
  try {
    for await (const line of measureUpscalers(question, { runtime, cpuMs })) await window.print(line);
  } finally {
    await runtime.dispose();
  }
};
