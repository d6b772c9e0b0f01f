/** Full-size graphs on a GPU that computes nothing: what ONNX Runtime asks of it, beside what is computed of the graph. */
import { ELEMENT_BYTES, elementCount, evaluateDim, graphMemory, type BuiltGraph } from '../../src/core/graph';
import { buildComponentGraph, FAMILY_CONFIGS, graphWeightBytes } from '../../src/core/models';
import type { ComponentId } from '../../src/core/packs';
import { lazyGraph } from '../../src/core/weights';
import type { RawTensor } from '../../src/engine/ports';
import { createOrtSession, type Ort } from '../../src/platform/gpu/ort-session';
import { createFakeGpu, installFakeGpu } from './fake-gpu';

interface CountCase {
  component: ComponentId;
  config: object;
  bindings: { batch: number; tokens: number; height: number; width: number };
}

const at = (side: number, batch: number): CountCase['bindings'] => ({ batch, tokens: 77, height: side, width: side });
const { sd15, sdxl } = FAMILY_CONFIGS;

/** In float16; sizes are cells of the latent. */
export const COUNT_CASES: Record<string, CountCase> = {
  'decoder, 64 × 64': { component: 'vae_decoder', config: sd15.vae, bindings: at(64, 1) },
  'decoder, 128 × 128': { component: 'vae_decoder', config: sd15.vae, bindings: at(128, 1) },
  'SD 1.5 U-Net, 64 × 64, batch 2': { component: 'unet', config: sd15.unet, bindings: at(64, 2) },
  'SD 1.5 U-Net, 128 × 128, batch 2': { component: 'unet', config: sd15.unet, bindings: at(128, 2) },
  'SDXL U-Net, 128 × 128, batch 2': { component: 'unet', config: sdxl.unet, bindings: at(128, 2) },
};

/** @returns a line of the table, figures in MB (10^6 bytes) */
export async function countCase(name: string, importOrt: () => Promise<Ort>): Promise<string> {
  const { component, config, bindings } = COUNT_CASES[name];
  const gpu = createFakeGpu();
  installFakeGpu(gpu.device);
  const graph = buildComponentGraph(component, { file: name, config }, { target: 'webgpu', activations: 'float16' });
  const provider = { name: 'webgpu', device: gpu.device, storageBufferCacheMode: 'simple' };
  const session = await createOrtSession(await importOrt(), [provider as { name: 'webgpu' }], lazyGraph(graph, zeros));
  const weights = gpu.alive();
  gpu.counted();
  const inputs = inputsOf(graph, bindings);
  await session.run(inputs);
  const first = gpu.counted();
  await session.run(inputs);
  const second = gpu.counted();
  await session.dispose();
  const { liveBytes, pooledBytes } = graphMemory(graph, { bindings });
  const figures = [graphWeightBytes(graph), weights, liveBytes, pooledBytes, first, second];
  return `| ${[name, ...figures.map((bytes) => (bytes / 1e6).toFixed(1))].join(' | ')} |`;
}

const zeros = ({ value }: BuiltGraph['weights'][number]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(ELEMENT_BYTES[value.type] * elementCount(value.dims as number[]));

function inputsOf(graph: BuiltGraph, bindings: CountCase['bindings']): Record<string, RawTensor> {
  const inputs: Record<string, RawTensor> = {};
  for (const { name, type, dims: symbolic } of graph.inputs) {
    const dims = symbolic.map((dim) => evaluateDim(dim, bindings));
    const count = elementCount(dims);
    inputs[name] = { data: type === 'float32' ? new Float32Array(count) : new Int32Array(count), dims };
  }
  return inputs;
}
