/**
 * Gives transformers.js the types of ONNX Runtime without its engine. Of transformers.js only the tokenizer is used, and the
 * entry that it names is not the one that every browser loads: it would be 116 KB more, for nothing.
 */
import type { Plugin } from 'vite';

/** Works in builds; also wanted among the plugins of workers. */
export function leaveRuntimeOut(): Plugin {
  return {
    name: 'leave-runtime-out',
    apply: 'build',
    enforce: 'pre',
    resolveId(source, importer) {
      const isTheirs = importer?.includes('/@huggingface/transformers/') === true;
      return isTheirs && source.startsWith('onnxruntime-web') ? this.resolve('onnxruntime-common', importer) : null;
    },
  };
}
