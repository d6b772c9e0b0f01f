/** The one place that imports transformers.js: a chunk of its own, kept from reaching out. */

export type Transformers = typeof import('@huggingface/transformers');

/** Loaded on the first call. */
export async function importTransformers(): Promise<Transformers> {
  const transformers = await import('@huggingface/transformers');
  transformers.env.allowRemoteModels = false;
  forgetCdn(transformers.env.backends.onnx.wasm);
  return transformers;
}

/**
 * transformers.js shares onnxruntime-web's settings with our own runtime, and on import points them to a CDN when they are
 * still unset. Unset again, the runtime finds its wasm files in this app.
 *
 * @see transformers.js 4.3.1 src/backends/onnx.js
 */
export function forgetCdn(wasm: { wasmPaths?: unknown } | undefined): void {
  if (wasm && JSON.stringify(wasm.wasmPaths)?.includes('://cdn.')) delete wasm.wasmPaths;
}
