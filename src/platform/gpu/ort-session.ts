/** A session of ONNX Runtime behind the engine's port: plain arrays in, plain arrays out, or results that stay where they are. */
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { AppError } from '../../core/errors';
import { halfToFloat } from '../../core/math/half';
import type { FilledGraph, LazyGraph } from '../../core/weights';
import type { Beside, KeptTensor, RawSession, RawTensor, SessionOptions } from '../../engine/ports';
import { VirtualFile } from './virtual-file';

type InputType = 'float32' | 'float16' | 'int32' | 'int64';

/** What is used of ONNX Runtime: the same of every entry of onnxruntime-web, and of onnxruntime-node. */
export interface Ort {
  InferenceSession: { create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> };
  Tensor: new (type: InputType, data: RawTensor['data'], dims: readonly number[]) => Tensor;
}

/**
 * Sessions must be created strictly one after another: ONNX Runtime refuses a second while one is being made.
 * @throws AppError 'out-of-memory' or 'internal'
 */
export async function createOrtSession(
  ort: Ort,
  executionProviders: InferenceSession.ExecutionProviderConfig[],
  graph: FilledGraph | LazyGraph,
  { keepsOutputs = false }: SessionOptions = {},
): Promise<RawSession> {
  const external = externalData(graph);
  const session = await ort.InferenceSession.create(graph.onnx, {
    executionProviders,
    externalData: external,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // all outputs or none: where some are allocated before a run the others come undefined (microsoft/onnxruntime#25786)
    ...(keepsOutputs && isOnGpu(executionProviders) && { preferredOutputLocation: 'gpu-buffer' as const }),
  }).catch((error: unknown) => {
    const { failure } = external.map(({ data }) => data).find(failed) ?? {};
    throw failure instanceof AppError ? failure : runtimeError('loading a graph', failure ?? error);
  });
  return {
    run: (inputs, beside) => run(ort, session, { ...inputs, ...beside }),
    ...(keepsOutputs && {
      keep: async (inputs, beside) => {
        const results = await runSession(ort, session, { ...inputs, ...beside });
        return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, new Kept(tensor)]));
      },
    }),
    dispose: () => session.release(),
  };
}

const isOnGpu = (providers: readonly InferenceSession.ExecutionProviderConfig[]): boolean =>
  providers.some((provider) => (typeof provider === 'string' ? provider : provider.name) === 'webgpu');

class Kept implements KeptTensor {
  #isGone = false;

  constructor(readonly tensor: Tensor) {}

  dispose(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.tensor.dispose();
  }
}

const failed = (data: Uint8Array): data is VirtualFile => data instanceof VirtualFile && data.failure !== undefined;

function externalData(graph: FilledGraph | LazyGraph): { path: string; data: Uint8Array }[] {
  if ('files' in graph) return graph.files.map(({ location, bytes }) => ({ path: location, data: bytes }));
  return graph.lazyFiles.map((file) => ({ path: file.location, data: new VirtualFile(file) }));
}

function runSession(ort: Ort, session: InferenceSession, inputs: Beside): Promise<InferenceSession.ReturnType> {
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toOrtTensor(ort, tensor)]));
  return session.run(feeds).catch((error: unknown) => {
    throw runtimeError('running a graph', error);
  });
}

async function run(ort: Ort, session: InferenceSession, inputs: Beside): Promise<Record<string, Float32Array>> {
  const results = await runSession(ort, session, inputs);
  const outputs: Record<string, Float32Array> = {};
  for (const [name, tensor] of Object.entries(results)) {
    outputs[name] = toFloats(await tensor.getData());
    tensor.dispose();
  }
  return outputs;
}

function toOrtTensor(ort: Ort, tensor: KeptTensor | RawTensor): Tensor {
  if (tensor instanceof Kept) return tensor.tensor;
  if (!('data' in tensor)) throw new RangeError('a result of another runtime cannot be read here');
  const { data, dims } = tensor;
  return new ort.Tensor(typeOf(data), data, dims);
}

function typeOf(data: RawTensor['data']): InputType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof Uint16Array ? 'float16' : 'int64';
}

/** A copy. float16 comes as a Float16Array where the browser has one, else as its bits. */
function toFloats(data: Tensor.DataType): Float32Array {
  if (data instanceof Float32Array) return data.slice();
  if (data instanceof Uint16Array) return halfToFloat(data);
  return Float32Array.from(data as unknown as ArrayLike<number>);
}

/**
 * How memory that was not given reads: of the wasm heap, of a buffer on the GPU or its limits, and of a result that could not be read because its buffer is none.
 * "Failed to download" is a lost device's too, which the engine is told of beside.
 */
const NO_ROOM = [
  /out of memory|bad_alloc|Aborted\(OOM|allocation failed|could not allocate|not enough memory|Maximum memory size exceeded/i,
  /Failed to (allocate memory|create GPU buffer|download data from buffer)/i,
  /exceed(s|ing) (the )?max ?(imum )?(storage ?)?buffer/i,
];

/** The runtime itself did not come, or not whole: its .wasm is missing, cut, or a page in its place. */
const NO_RUNTIME =
  /no available backend.*\[wasm\]|magic word|CompileError|LinkError|wasm streaming compile|fetching of the wasm failed|initialize the WebAssembly|dynamically imported module|previous call to 'initWasm/i;

/** ONNX Runtime rejects with Errors, numbers (wasm traps) and strings alike. Its own words come in a line of their own. */
export function runtimeError(doing: string, error: unknown): AppError {
  const words = error instanceof Error ? error.message : String(error);
  const failed = (code: 'out-of-memory' | 'internal'): AppError =>
    new AppError(code, `ONNX Runtime failed while ${doing}.\n${words}`, { cause: error });
  if (NO_ROOM.some((text) => text.test(words))) return failed('out-of-memory');
  if (!NO_RUNTIME.test(words)) return failed('internal');
  return new AppError(
    'runtime',
    `A file of the program (.wasm) is missing on the server, or came incomplete. Try again: it is fetched anew.\n${words}`,
    { cause: error },
  );
}
