/** Loads the one flavour of ONNX Runtime that this browser runs best. */
import { openPacked, PACKED, PACKED_FOLDER, type Flavour } from '../net/packed-files';
import type { Ort } from './ort-session';

export interface OrtModule extends Ort {
  env: { wasm: { numThreads?: number; wasmPaths?: { wasm?: string } }; versions: { common: string; web?: string } };
}

/** Told how much of the runtime's .wasm has come over the line. */
export type FetchListener = (loadedBytes: number, totalBytes: number) => void;

let unpacked: Promise<string | undefined> | undefined;

/**
 * The native WebGPU provider with JSPI where the browser has it (smaller, and a third of the CPU cost per dispatch), else
 * with asyncify. Both also hold the CPU provider, so one .wasm file is fetched whatever is used. Never the default entry:
 * it is the older WebGPU implementation, without the normalisation kernels that our graphs use.
 *
 * @throws AppError 'missing-file', 'offline' or 'bad-file' naming the .wasm; the next call tries again
 */
export async function loadOrt(onFetch?: FetchListener): Promise<OrtModule> {
  const flavour: Flavour = 'Suspending' in WebAssembly ? 'jspi' : 'asyncify';
  unpacked ??= fetchRuntime(flavour, onFetch);
  const [module, address] = await Promise.all([importFlavour(flavour), unpacked]).catch((error: unknown) => {
    unpacked = undefined;
    throw error;
  });
  module.env.wasm.numThreads = self.crossOriginIsolated
    ? Math.max(1, Math.min(8, navigator.hardwareConcurrency - 1))
    : 1;
  if (address === undefined) return module;
  module.env.wasm.wasmPaths = { wasm: address };
  const { env, Tensor, InferenceSession } = module;
  const create: Ort['InferenceSession']['create'] = async (model, options) => {
    const session = await InferenceSession.create(model, options);
    // The runtime is compiled by now.
    URL.revokeObjectURL(address);
    return session;
  };
  return { env, Tensor, InferenceSession: { create } };
}

async function importFlavour(flavour: Flavour): Promise<OrtModule> {
  const module = flavour === 'jspi' ? await import('onnxruntime-web/jspi') : await import('onnxruntime-web/webgpu');
  return module as unknown as OrtModule;
}

/**
 * Where the build has packed the .wasm: fetched and unpacked here, and given to the runtime as a Blob's address. If it were given
 * as bytes, its 17 MB would stay in memory.
 *
 * @returns nothing where the runtime finds it beside itself
 */
async function fetchRuntime(flavour: Flavour, onFetch?: FetchListener): Promise<string | undefined> {
  const packed = PACKED.runtime[flavour];
  if (!packed) return undefined;
  // The scripts lie in a folder beside it.
  const address = new URL(/* @vite-ignore */ `../${PACKED_FOLDER}${packed.file}`, import.meta.url).href;
  const onProgress = (loadedBytes: number): void => onFetch?.(loadedBytes, packed.bytes);
  const blob = await openPacked(packed, { address, name: packed.file.replace(/-[^-]*$/, ''), onProgress });
  return URL.createObjectURL(blob.slice(0, blob.size, 'application/wasm'));
}
