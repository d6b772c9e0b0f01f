/** Finds the GPU and opens it with what ONNX Runtime's kernels need. */
import { mendShaders } from './mend-shaders';

/** Limits raised to what the adapter can: the defaults (128 MiB a binding) are below one layer of a big model. */
const RAISED_LIMITS = [
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
] as const satisfies (keyof GPUSupportedLimits)[];

/** A GPU that was found and is not opened yet. An adapter gives one device: for a second one, look again. */
export interface FoundGpu {
  adapter: GPUAdapter;
  /** Name of the GPU in the browser's words. */
  name: string;
  /** It is emulated on the CPU, fifty times slower than the wasm provider. */
  isSoftware: boolean;
  /** Smallest size of a subgroup; 0 without subgroups. */
  subgroupSize: number;
}

export interface GpuOptions {
  /** False: not used, though the GPU may have them. */
  subgroups?: boolean;
  halfPrecision?: boolean;
  /** `least`: the limits that every WebGPU has, for tests. */
  limits?: 'raised' | 'least';
}

/** @returns the GPU, or one sentence that says why there is none */
export async function findGpu(): Promise<FoundGpu | string> {
  const { gpu } = navigator as Partial<Navigator>;
  if (!gpu) return 'This browser does not offer WebGPU.';
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return 'This browser offers WebGPU but found no GPU that it may use.';
    const { subgroupMinSize = 0 } = adapter.info as { subgroupMinSize?: number };
    const subgroupSize = adapter.features.has('subgroups') ? subgroupMinSize : 0;
    return { adapter, name: describeAdapter(adapter.info), isSoftware: isSoftware(adapter), subgroupSize };
  } catch (error) {
    return notOpened(error);
  }
}

/** @returns the device, or one sentence that says why there is none */
export async function openGpu(
  { adapter }: Pick<FoundGpu, 'adapter'>,
  { subgroups = true, halfPrecision = true, limits = 'raised' }: GpuOptions = {},
): Promise<GPUDevice | string> {
  const wanted = [
    'timestamp-query',
    ...(halfPrecision ? ['shader-f16'] : []),
    ...(subgroups ? ['subgroups', 'subgroup-size-control'] : []),
  ];
  const raised = Object.fromEntries(RAISED_LIMITS.map((name) => [name, adapter.limits[name]]));
  try {
    const device = await adapter.requestDevice({
      requiredFeatures: wanted.filter((name) => adapter.features.has(name)) as GPUFeatureName[],
      requiredLimits: limits === 'raised' ? raised : {},
    });
    // Safari 26 leaves device.adapterInfo out, and ONNX Runtime reads it.
    const withInfo = device as { adapterInfo?: GPUAdapterInfo };
    withInfo.adapterInfo ??= adapter.info;
    return mendShaders(device);
  } catch (error) {
    return notOpened(error);
  }
}

const notOpened = (error: unknown): string =>
  `WebGPU could not be opened: ${error instanceof Error ? error.message : String(error)}`.replace(/\.?$/, '.');

/** Older versions of Chromium have the flag on the adapter, newer ones on its info. */
function isSoftware(adapter: GPUAdapter): boolean {
  const { isFallbackAdapter = false } = adapter as { isFallbackAdapter?: boolean };
  return (adapter.info.isFallbackAdapter as boolean | undefined) ?? isFallbackAdapter;
}

/** Browsers fill different fields: Chrome has vendor and architecture, a description only on some systems. */
function describeAdapter({ description, device, vendor, architecture }: GPUAdapterInfo): string {
  const parts = [vendor, architecture, device].filter((part) => part !== '');
  if (description !== '') return description;
  return parts.length > 0 ? parts.join(' ') : 'a GPU the browser does not name';
}
