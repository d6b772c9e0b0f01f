/** The one place that imports transformers.js: a chunk of its own, kept from reaching out. */

/** What is used of the package. */
export type Transformers = Pick<typeof import('@huggingface/transformers'), 'CLIPTokenizer' | 'env'>;

/** Loaded on the first call. The names are taken apart at the import, so that the bundler can drop the others. */
export async function importTransformers(): Promise<Transformers> {
  const { CLIPTokenizer, env } = await import('@huggingface/transformers');
  env.allowRemoteModels = false;
  forgetCdn(env.backends.onnx.wasm);
  return { CLIPTokenizer, env };
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
