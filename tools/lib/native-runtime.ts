/** ONNX Runtime's own CPU provider in Node as the engine's runtime: what wasm computes in one thread, several times as fast. */
import * as ort from 'onnxruntime-node';
import type { FilledGraph, LazyGraph } from '../../src/core/weights';
import type { Runtime } from '../../src/engine/ports';
import { createOrtSession, type Ort } from '../../src/platform/gpu/ort-session';

/** It copies files whole, and cannot be given them weight by weight. */
function whole(graph: FilledGraph | LazyGraph): FilledGraph {
  if ('files' in graph) return graph;
  const files = graph.lazyFiles.map(({ location, byteLength, places = [], read }) => {
    const bytes = new Uint8Array(byteLength);
    for (const { offset, byteLength: length } of places) bytes.set(read(offset, length), offset);
    return { location, bytes };
  });
  return { onnx: graph.onnx, files };
}

export function createNativeRuntime(threads: number): Runtime {
  const InferenceSession = {
    create: (model: Uint8Array, options: object) =>
      ort.InferenceSession.create(model, { ...options, intraOpNumThreads: threads, interOpNumThreads: 1 }),
  };
  const native = { InferenceSession, Tensor: ort.Tensor } as unknown as Ort;
  return {
    device: { provider: 'wasm', adapter: `node, native, ${threads} ${threads === 1 ? 'thread' : 'threads'}` },
    target: 'portable',
    lost: new Promise<never>(() => undefined),
    createSession: async (graph, options) => {
      const session = await createOrtSession(native, ['cpu'], whole(graph), options);
      (globalThis as { gc?: () => void }).gc?.(); // it has copied what it was given: gigabytes of full sizes
      return session;
    },
    dispose: () => Promise.resolve(),
  };
}
