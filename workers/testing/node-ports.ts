/** Ports for tests in node: ONNX Runtime's wasm provider, the app's own files from disk. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { bundledPath } from '../../src/core/catalog';
import { AppError } from '../../src/core/errors';
import { bytesSource } from '../../src/core/formats';
import { createOrtSession, type Ort } from '../../src/platform/gpu/ort-session';
import { createClipTokenizer } from '../../src/platform/text/clip-tokenizer';
import { CLIP_MERGES } from '../../src/platform/text/clip-tokenizer-files';
import { createShippedTokenizer } from '../../src/platform/text/shipped-tokenizer';
import type { ModelFiles, Ports, Runtime } from '../../src/engine/ports';

export const PUBLIC_FOLDER = new URL('../../public/', import.meta.url);

function createNodeFiles(folder: URL): ModelFiles {
  return {
    async open(path, onProgress) {
      const bytes = await readFile(fileURLToPath(new URL(path, folder))).catch((error: unknown) => {
        throw new AppError('missing-file', `${path}: no such file`, { cause: error });
      });
      onProgress?.(bytes.length);
      return bytesSource(path, bytes);
    },
  };
}

export function createNodeRuntime(): Runtime {
  return {
    device: { provider: 'wasm', adapter: 'node' },
    target: 'portable',
    lost: new Promise<never>(() => undefined),
    createSession: (graph, options) => createOrtSession(ort as unknown as Ort, ['wasm'], graph, options),
    dispose: () => Promise.resolve(),
  };
}

export function createNodePorts(changes: Partial<Ports> = {}): Ports {
  return {
    createRuntime: () => Promise.resolve(createNodeRuntime()),
    createFiles: (model) => createNodeFiles(new URL(bundledPath(model) ?? '', PUBLIC_FOLDER)),
    packs: { open: (id) => Promise.reject(new AppError('missing-file', `${id}: no such pack`)) },
    createTokenizer: createClipTokenizer,
    createClipTokenizer: async (padding) =>
      createShippedTokenizer(padding, await readFile(fileURLToPath(new URL(CLIP_MERGES, PUBLIC_FOLDER)))),
    calls: { read: () => Promise.resolve([]), write: () => Promise.resolve(), remove: () => Promise.resolve() },
    now: () => performance.now(),
    breathe: () => new Promise((resolve) => setTimeout(resolve)),
    rest: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    ...changes,
  };
}
