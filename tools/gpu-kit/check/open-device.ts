/** The GPU, opened with or without subgroups, and ONNX Runtime on it. */
import type { BenchDevice } from '../../../src/core/bench';
import type { Runtime } from '../../../src/engine/ports';
import { mendShaders } from '../../../src/platform/gpu/mend-shaders';
import { loadOrt, type OrtModule } from '../../../src/platform/gpu/ort-module';
import { createOrtSession } from '../../../src/platform/gpu/ort-session';

export interface CheckDevice {
  device: GPUDevice;
  runtime: Pick<Runtime, 'target' | 'createSession'>;
}

const LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
  'maxBindGroups',
] as const;

async function findAdapter(): Promise<GPUAdapter> {
  const { gpu } = navigator as Partial<Navigator>;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error(gpu ? 'WebGPU is there, but it finds no GPU.' : 'There is no WebGPU.');
  return adapter;
}

/** @throws Error in one sentence where there is no GPU */
export async function describeDevice(host: string): Promise<BenchDevice> {
  const { info, limits, features } = await findAdapter();
  const { versions } = (await loadOrt()).env;
  const words = [info.vendor, info.architecture, info.device, info.description].filter((word) => word !== '');
  const sizes = ['subgroupMinSize', 'subgroupMaxSize'] as const;
  return {
    adapter: words.join(' ') || 'a GPU that does not say its name',
    provider: 'webgpu',
    host,
    runtime: versions.web ?? versions.common,
    features: [...features].toSorted(),
    limits: {
      ...Object.fromEntries(LIMITS.map((name) => [name, limits[name]])),
      ...Object.fromEntries(sizes.flatMap((name) => (info[name] === undefined ? [] : [[name, info[name]]]))),
    },
    isSoftware: isSoftware(info),
  };
}

/** Mesa's lavapipe calls itself a CPU nowhere but in its name. */
function isSoftware(info: GPUAdapterInfo): boolean {
  const words = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return (info.isFallbackAdapter as boolean | undefined) === true || /swiftshader|llvmpipe|lavapipe/i.test(words);
}

export class CheckDevices {
  readonly #opened = new Map<boolean, Promise<CheckDevice>>();

  /** One for each choice, kept open: compiled shaders serve many steps. */
  get(subgroups: boolean): Promise<CheckDevice> {
    const found = this.#opened.get(subgroups) ?? openDevice(subgroups);
    this.#opened.set(subgroups, found);
    return found;
  }
}

async function openDevice(subgroups: boolean): Promise<CheckDevice> {
  const ort: OrtModule = await loadOrt();
  const adapter = await findAdapter();
  const wanted = ['shader-f16', 'timestamp-query', ...(subgroups ? ['subgroups', 'subgroup-size-control'] : [])];
  const device = mendShaders(
    await adapter.requestDevice({
      requiredFeatures: wanted.filter((name) => adapter.features.has(name)) as GPUFeatureName[],
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
    }),
  );
  (device as { adapterInfo?: GPUAdapterInfo }).adapterInfo ??= adapter.info;
  const provider = { name: 'webgpu', device, storageBufferCacheMode: 'simple' };
  return {
    device,
    runtime: {
      target: 'webgpu',
      createSession: (graph) => createOrtSession(ort, [provider as { name: 'webgpu' }], graph),
    },
  };
}
