/** The GPU, opened with or without subgroups, and ONNX Runtime on it. */
import type { BenchDevice } from '../../../src/core/bench';
import { findGpu, openGpu, type FoundGpu } from '../../../src/platform/gpu/device';
import { createGpuRuntime, type GpuRuntime } from '../../../src/platform/gpu/gpu-runtime';
import { loadOrt } from '../../../src/platform/gpu/ort-module';

export interface CheckDevice {
  device: GPUDevice;
  runtime: GpuRuntime;
}

/** What decides whether a network fits, and which kernels run. */
const LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxStorageBuffersPerShaderStage',
] as const;
const SUBGROUP_SIZES = ['subgroupMinSize', 'subgroupMaxSize'] as const;

async function findOrThrow(): Promise<FoundGpu> {
  const found = await findGpu();
  if (typeof found === 'string') throw new Error(found);
  return found;
}

/** @throws Error in one sentence where there is no GPU */
export async function describeDevice(host: string): Promise<BenchDevice> {
  const { adapter, isSoftware, name } = await findOrThrow();
  const { info, limits, features } = adapter;
  const { versions } = (await loadOrt()).env;
  const words = [info.vendor, info.architecture, info.device, info.description].filter((word) => word !== '');
  const adapterName = words.join(' ') || name;
  return {
    adapter: adapterName,
    provider: 'webgpu',
    host,
    runtime: versions.web ?? versions.common,
    features: [...features].toSorted(),
    limits: {
      ...Object.fromEntries(LIMITS.map((limit) => [limit, limits[limit]])),
      ...Object.fromEntries(SUBGROUP_SIZES.flatMap((size) => (info[size] === undefined ? [] : [[size, info[size]]]))),
    },
    // Dawn in Node does not call Mesa's software a fallback
    isSoftware: isSoftware || /swiftshader|llvmpipe|lavapipe/i.test(adapterName),
  };
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
  const found = await findOrThrow();
  const device = await openGpu(found, { subgroups });
  if (typeof device === 'string') throw new Error(device);
  return { device, runtime: createGpuRuntime(await loadOrt(), device, found.name) };
}
