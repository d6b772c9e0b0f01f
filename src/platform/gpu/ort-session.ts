/** A session of ONNX Runtime behind the engine's port: plain arrays in, plain arrays out. */
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { AppError } from '../../core/errors';
import type { FilledGraph, LazyGraph } from '../../core/weights';
import type { NamedTensor, Session } from '../../engine/ports';
import { VirtualFile } from './virtual-file';

/** What is used of ONNX Runtime: the same of every entry of onnxruntime-web, and of onnxruntime-node. */
export interface Ort {
  InferenceSession: { create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> };
  Tensor: new (type: 'float32' | 'int32', data: Float32Array | Int32Array, dims: readonly number[]) => Tensor;
}

/**
 * Sessions must be created strictly one after another: ONNX Runtime refuses a second while one is being made.
 * @throws AppError 'out-of-memory' or 'internal'
 */
export async function createOrtSession(
  ort: Ort,
  executionProviders: InferenceSession.ExecutionProviderConfig[],
  graph: FilledGraph | LazyGraph,
): Promise<Session> {
  const session = await ort.InferenceSession.create(graph.onnx, {
    executionProviders,
    externalData: externalData(graph),
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  }).catch((error: unknown) => {
    throw runtimeError('loading a graph', error);
  });
  return {
    run: (inputs) => run(ort, session, inputs),
    dispose: () => session.release(),
  };
}

function externalData(graph: FilledGraph | LazyGraph): { path: string; data: Uint8Array }[] {
  if ('files' in graph) return graph.files.map(({ location, bytes }) => ({ path: location, data: bytes }));
  return graph.lazyFiles.map((file) => ({ path: file.location, data: new VirtualFile(file) }));
}

async function run(
  ort: Ort,
  session: InferenceSession,
  inputs: Record<string, NamedTensor>,
): Promise<Record<string, Float32Array>> {
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toOrtTensor(ort, tensor)]));
  const results = await session.run(feeds).catch((error: unknown) => {
    throw runtimeError('running a graph', error);
  });
  const outputs: Record<string, Float32Array> = {};
  for (const [name, tensor] of Object.entries(results)) {
    outputs[name] = ((await tensor.getData()) as Float32Array).slice();
    tensor.dispose();
  }
  return outputs;
}

function toOrtTensor(ort: Ort, { data, dims }: NamedTensor): Tensor {
  return new ort.Tensor(data instanceof Float32Array ? 'float32' : 'int32', data, dims);
}

/** ONNX Runtime rejects with Errors, numbers (wasm traps) and strings alike. */
function runtimeError(doing: string, error: unknown): AppError {
  const words = error instanceof Error ? error.message : String(error);
  const code = /out of memory|bad_alloc|Aborted\(OOM|allocation failed/i.test(words) ? 'out-of-memory' : 'internal';
  return new AppError(code, `ONNX Runtime failed while ${doing}: ${words}`, { cause: error });
}
