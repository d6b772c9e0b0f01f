/** Full-size graphs on a GPU that computes nothing: what ONNX Runtime asks of it, beside what is computed of the graph. */
import { ELEMENT_BYTES, elementCount, evaluateDim, graphMemory, type BuiltGraph } from '../../src/core/graph';
import { buildComponentGraph, graphWeightBytes } from '../../src/core/networks';
import { FAMILY_CONFIGS } from '../../src/core/families/configs';
import type { ComponentId } from '../../src/core/networks/components';
import { lazyGraph } from '../../src/core/weights';
import type { RawTensor } from '../../src/engine/ports';
import { createGpuRuntime } from '../../src/platform/gpu/gpu-runtime';
import type { OrtModule } from '../../src/platform/gpu/ort-module';
import type { Ort } from '../../src/platform/gpu/ort-session';
import { createFakeGpu, installFakeGpu } from './fake-gpu';

interface CountCase {
  component: ComponentId;
  config: object;
  bindings: { batch: number; tokens: number; height: number; width: number };
}

const at = (side: number, batch: number): CountCase['bindings'] => ({ batch, tokens: 77, height: side, width: side });
const { sd15, sdxl } = FAMILY_CONFIGS;

/** Cases in float16, U-Nets with guidance. SDXL's decoder has the widths of SD 1.5's. */
export const COUNT_CASES: Record<string, CountCase> = {
  'decoder, 512 × 512': { component: 'vae_decoder', config: sd15.vae, bindings: at(64, 1) },
  'decoder, 768 × 768': { component: 'vae_decoder', config: sd15.vae, bindings: at(96, 1) },
  'decoder, 1024 × 1024': { component: 'vae_decoder', config: sd15.vae, bindings: at(128, 1) },
  'decoder, 1536 × 1536': { component: 'vae_decoder', config: sd15.vae, bindings: at(192, 1) },
  'SD 1.5 U-Net, 512 × 512': { component: 'unet', config: sd15.unet, bindings: at(64, 2) },
  'SD 1.5 U-Net, 768 × 768': { component: 'unet', config: sd15.unet, bindings: at(96, 2) },
  'SD 1.5 U-Net, 1024 × 1024': { component: 'unet', config: sd15.unet, bindings: at(128, 2) },
  'SD 1.5 U-Net, 1536 × 1536': { component: 'unet', config: sd15.unet, bindings: at(192, 2) },
  'SDXL U-Net, 1024 × 1024': { component: 'unet', config: sdxl.unet, bindings: at(128, 2) },
  'SDXL U-Net, 1536 × 1536': { component: 'unet', config: sdxl.unet, bindings: at(192, 2) },
};

/** @returns a line of the table, figures in MB (10^6 bytes): computed, then counted */
export async function countCase(name: string, importOrt: () => Promise<Ort>): Promise<string> {
  const { component, config, bindings } = COUNT_CASES[name];
  const gpu = createFakeGpu();
  installFakeGpu(gpu.device);
  const graph = buildComponentGraph(component, { file: name, config }, { target: 'webgpu', activations: 'float16' });
  const runtime = createGpuRuntime((await importOrt()) as OrtModule, gpu.device, 'counts');
  const session = await runtime.createSession(lazyGraph(graph, zeros));
  const weights = gpu.alive();
  gpu.peak();
  const inputs = inputsOf(graph, bindings);
  await session.run(inputs);
  const first = gpu.peak() - weights;
  gpu.counted();
  await session.run(inputs);
  const again = gpu.peak() - weights;
  const made = gpu.counted();
  await session.dispose();
  const { liveBytes, pooledBytes } = graphMemory(graph, { bindings });
  const figures = [graphWeightBytes(graph), weights, liveBytes, pooledBytes, Math.max(first, again), made, gpu.alive()];
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
