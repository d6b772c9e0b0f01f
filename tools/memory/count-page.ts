/** Runs a component on the GPU with weights of zeros and counts the buffers that are made for it; tools/memory.mjs calls it. */
import { ELEMENT_BYTES, elementCount, evaluateDim, graphMemory, type Activations } from '../../src/core/graph';
import { buildComponentGraph, graphWeightBytes } from '../../src/core/models';
import type { ComponentId } from '../../src/core/packs';
import { lazyGraph } from '../../src/core/weights';
import type { RawTensor } from '../../src/engine/ports';
import { createRuntime } from '../../src/platform/gpu/create-runtime';

export interface CountCase {
  component: ComponentId;
  config: unknown;
  activations: Activations;
  bindings: { batch: number; tokens: number; height: number; width: number };
}

export interface Count {
  weights: number;
  live: number;
  pooled: number;
  /** Of storage buffers: made while the session was, in its first run, in its second. */
  counted: { session: number; first: number; second: number };
}

declare global {
  interface Window {
    countMemory(one: CountCase): Promise<Count>;
  }
}

let made = 0;
const { createBuffer } = GPUDevice.prototype;
GPUDevice.prototype.createBuffer = function (this: GPUDevice, descriptor: GPUBufferDescriptor): GPUBuffer {
  if (descriptor.usage & GPUBufferUsage.STORAGE) made += descriptor.size;
  return createBuffer.call(this, descriptor);
};

function counted(): number {
  const bytes = made;
  made = 0;
  return bytes;
}

let runtime: ReturnType<typeof createRuntime> | undefined;

window.countMemory = async ({ component, config, activations, bindings }) => {
  const opened = await (runtime ??= createRuntime('webgpu'));
  const graph = buildComponentGraph(component, { file: component, config }, { target: opened.target, activations });
  const zeros = ({ value }: (typeof graph.weights)[number]): Uint8Array<ArrayBuffer> =>
    new Uint8Array(ELEMENT_BYTES[value.type] * elementCount(value.dims as number[]));
  const inputs: Record<string, RawTensor> = {};
  for (const { name, type, dims: symbolic } of graph.inputs) {
    const dims = symbolic.map((dim) => evaluateDim(dim, bindings));
    const count = elementCount(dims);
    inputs[name] = { data: type === 'float32' ? new Float32Array(count).fill(0.5) : new Int32Array(count), dims };
  }
  counted();
  const session = await opened.createSession(lazyGraph(graph, zeros));
  try {
    const made = { session: counted(), first: 0, second: 0 };
    await session.run(inputs);
    made.first = counted();
    await session.run(inputs);
    made.second = counted();
    const { liveBytes, pooledBytes } = graphMemory(graph, { bindings });
    return { weights: graphWeightBytes(graph), live: liveBytes, pooled: pooledBytes, counted: made };
  } finally {
    await session.dispose();
  }
};
