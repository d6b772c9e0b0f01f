/**
 * A whole picture of a full-size model on a GPU that computes nothing: its prompt read, steps, developed. Loaded as the engine loads it, beside plain
 * loading: all networks at once, matrices and kernels as wide as they are computed with.
 */
import { ELEMENT_BYTES, elementCount, evaluateDim, type BuiltGraph, type GraphForm } from '../../src/core/graph';
import { FAMILY_CONFIGS, type FamilyConfigs } from '../../src/core/families/configs';
import { buildComponentGraph, isPainting, componentIds } from '../../src/core/networks';
import { roleOf, type ComponentId } from '../../src/core/networks/components';
import { publishedAs } from '../../src/core/networks/published';
import { DTYPE_PLANS, planRule, type DtypePlanId } from '../../src/core/packs';
import { planTiles } from '../../src/core/image';
import { lazyGraph } from '../../src/core/weights';
import { Components } from '../../src/engine/models/components';
import type { ModelSource } from '../../src/engine/models/model-source';
import type { RawTensor, Session } from '../../src/engine/ports';
import { createGpuRuntime } from '../../src/platform/gpu/gpu-runtime';
import type { OrtModule } from '../../src/platform/gpu/ort-module';
import type { Ort } from '../../src/platform/gpu/ort-session';
import { createFakeGpu, installFakeGpu } from './fake-gpu';

interface PictureCase {
  plan: DtypePlanId;
  /** Size of the picture, in cells. */
  side: number;
  residency: 'resident' | 'in_turn';
  /** Matrices and kernels are as wide as the activations. */
  isWidened?: boolean;
  packsKernels?: boolean;
  /** Side of the tiles in which it is developed; else as a whole. */
  tile?: number;
}

/** SD 1.5 at 512 × 512, float16 activations, with guidance. */
export const PICTURE_CASES: Record<string, PictureCase> = {
  'float16, all loaded': { plan: 'float16', side: 64, residency: 'resident' },
  'float16, in turn': { plan: 'float16', side: 64, residency: 'in_turn' },
  'q8, all loaded, widened': { plan: 'q8', side: 64, residency: 'resident', isWidened: true },
  'q8, all loaded': { plan: 'q8', side: 64, residency: 'resident' },
  'q8, in turn': { plan: 'q8', side: 64, residency: 'in_turn' },
  'q8, low memory': { plan: 'q8', side: 64, residency: 'in_turn', packsKernels: true },
  'q4, low memory': { plan: 'q4', side: 64, residency: 'in_turn', packsKernels: true },
  'smallest, low memory': { plan: 'smallest', side: 64, residency: 'in_turn', packsKernels: true },
};

const FAMILY = 'sd15';
const STEPS = 2;
const TOKENS = 77;

/** @returns a line of the table, in MB (10^6 bytes) */
export async function countPicture(name: string, importOrt: () => Promise<Ort>): Promise<string> {
  const { plan, side, residency, isWidened = false, packsKernels = false, tile = side } = PICTURE_CASES[name];
  const gpu = createFakeGpu();
  installFakeGpu(gpu.device);
  const runtime = createGpuRuntime((await importOrt()) as OrtModule, gpu.device, 'counts');
  const graphs = new Map<ComponentId, BuiltGraph>();
  const peaks = new Map<ComponentId, { loading: number; running: number }>();
  const published: FamilyConfigs = FAMILY_CONFIGS[FAMILY];
  const open: ModelSource['open'] = async (component) => {
    const form: GraphForm = {
      ...{ target: 'webgpu', activations: 'float16', packsKernels },
      ...(!isWidened && {
        storedForm: (key, shape) => planRule(DTYPE_PLANS[plan], { component, key, shape, isMatrix: true }).form,
      }),
    };
    const config = published[publishedAs(component)];
    const graph = buildComponentGraph(component, { file: FAMILY, config }, form);
    graphs.set(component, graph);
    gpu.peak();
    const session = await runtime.createSession(lazyGraph(graph, zeros));
    peaks.set(component, { loading: gpu.peak(), running: 0 });
    return { session: session as Session, bytes: 0 };
  };
  const components = new Components({ source: { open } as ModelSource, residency, now: () => 0 });
  const painting = componentIds().filter((id) => isPainting(id) && published[publishedAs(id)]);
  if (residency === 'resident') for (const id of painting) await components.get(id);
  for (const id of painting) {
    const session = await components.get(id);
    const graph = graphs.get(id);
    const peak = peaks.get(id);
    if (!graph || !peak) throw new RangeError(`${id} was not opened`);
    gpu.peak();
    const isDenoiser = roleOf(id) === 'denoiser';
    const cells =
      roleOf(id) === 'decoder' ? planTiles({ width: side, height: side }, tile) : [{ width: side, height: side }];
    for (const { width, height } of isDenoiser ? Array<(typeof cells)[number]>(STEPS).fill(cells[0]) : cells)
      await session.run(inputsOf(graph, { batch: isDenoiser ? 2 : 1, tokens: TOKENS, height, width }) as never);
    peak.running = gpu.peak();
  }
  await components.dispose();
  const of = (role: string): string => {
    const all = [...peaks].filter(([id]) => roleOf(id) === role).map(([, peak]) => peak);
    return `${megabytes(Math.max(...all.map(({ loading }) => loading)))}, ${megabytes(Math.max(...all.map(({ running }) => running)))}`;
  };
  const most = Math.max(...[...peaks.values()].flatMap(({ loading, running }) => [loading, running]));
  const runs = Math.max(...[...peaks.values()].map(({ running }) => running));
  return `| ${[name, of('text'), of('denoiser'), of('decoder'), megabytes(runs), megabytes(most), megabytes(gpu.alive())].join(' | ')} |`;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

const zeros = ({ value }: BuiltGraph['weights'][number]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(ELEMENT_BYTES[value.type] * elementCount(value.dims as number[]));

function inputsOf(graph: BuiltGraph, bindings: Record<string, number>): Record<string, RawTensor> {
  const inputs: Record<string, RawTensor> = {};
  for (const { name, type, dims: symbolic } of graph.inputs) {
    const dims = symbolic.map((dim) => evaluateDim(dim, bindings as never));
    const count = elementCount(dims);
    inputs[name] = { data: type === 'float32' ? new Float32Array(count) : new Int32Array(count), dims };
  }
  return inputs;
}
