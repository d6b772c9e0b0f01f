/**
 * The page uses CLIP's tokenizer, and nothing else of transformers.js. The file that the package gives to bundlers is one piece in which little can be
 * left out: 431 kB. Its own sources, which it publishes too, give the same class with what that needs: 146 kB.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const PACKAGE = '@huggingface/transformers';
const SLIM = '\0transformers';
/** What runs in Node alone: the package's file for browsers has none of it either. */
const NONE = '\0transformers/none';
const NODE_ALONE = /^node:|\/onnx-node\.js$|^sharp$/;

/** Works in builds, among the plugins of workers. */
export function slimTransformers(): Plugin {
  const sources = join(dirname(createRequire(import.meta.url).resolve(PACKAGE)), '..', 'src');
  const exportOf = (names: string, file: string): string =>
    `export { ${names} } from ${JSON.stringify(join(sources, file))};`;
  return {
    name: 'slim-transformers',
    apply: 'build',
    enforce: 'pre',
    resolveId: (source, importer) => {
      if (source === PACKAGE) return SLIM;
      return importer?.includes(`/${PACKAGE}/`) && NODE_ALONE.test(source) ? NONE : null;
    },
    load: (id) => {
      if (id === SLIM)
        return [exportOf('CLIPTokenizer', 'models/clip/tokenization_clip.js'), exportOf('env', 'env.js')].join('\n');
      return id === NONE ? 'export default {};' : null;
    },
  };
}
