/** Loads the one flavour of ONNX Runtime that this browser runs best. */
import type { Ort } from './ort-session';

export interface OrtModule extends Ort {
  env: { wasm: { numThreads?: number }; versions: { common: string; web?: string } };
}

/**
 * The native WebGPU provider with JSPI where the browser has it (smaller, and a third of the CPU cost per dispatch), else
 * with asyncify. Both also hold the CPU provider, so one .wasm file is fetched whatever is used. Never the default entry:
 * it is the older WebGPU implementation, without the normalisation kernels that our graphs use.
 */
export async function loadOrt(): Promise<OrtModule> {
  const ort = ('Suspending' in WebAssembly
    ? await import('onnxruntime-web/jspi')
    : await import('onnxruntime-web/webgpu')) as unknown as OrtModule;
  ort.env.wasm.numThreads = self.crossOriginIsolated ? Math.max(1, Math.min(8, navigator.hardwareConcurrency - 1)) : 1;
  return ort;
}
