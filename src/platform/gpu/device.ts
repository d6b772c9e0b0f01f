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

/** ONNX Runtime's flash attention sums at least this many keys a step, silently wrong where subgroups are smaller. */
const MIN_SUBGROUP_SIZE = 8;

export interface OpenedGpu {
  device: GPUDevice;
  adapterName: string;
}

/** @returns the device, or one sentence that says why there is none */
export async function openGpu(): Promise<OpenedGpu | string> {
  if (!('gpu' in navigator)) return 'This browser does not offer WebGPU.';
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return 'This browser offers WebGPU but found no GPU that it may use.';
  const device = await adapter.requestDevice({
    requiredFeatures: wantedFeatures(adapter),
    requiredLimits: Object.fromEntries(RAISED_LIMITS.map((name) => [name, adapter.limits[name]])),
  });
  // Safari 26 leaves device.adapterInfo out, and ONNX Runtime reads it.
  const withInfo = device as { adapterInfo?: GPUAdapterInfo };
  withInfo.adapterInfo ??= adapter.info;
  return { device: mendShaders(device), adapterName: describeAdapter(adapter.info) };
}

function wantedFeatures(adapter: GPUAdapter): GPUFeatureName[] {
  const names = ['shader-f16', 'timestamp-query'];
  const { subgroupMinSize } = adapter.info as GPUAdapterInfo & { subgroupMinSize?: number };
  if ((subgroupMinSize ?? 0) >= MIN_SUBGROUP_SIZE) names.push('subgroups', 'subgroup-size-control');
  return names.filter((name) => adapter.features.has(name)) as GPUFeatureName[];
}

/** Browsers fill different fields: Chrome has vendor and architecture, a description only on some systems. */
function describeAdapter({ description, device, vendor, architecture }: GPUAdapterInfo): string {
  const parts = [vendor, architecture, device].filter((part) => part !== '');
  if (description !== '') return description;
  return parts.length > 0 ? parts.join(' ') : 'a GPU the browser does not name';
}
