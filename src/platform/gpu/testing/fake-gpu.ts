/** `navigator.gpu` for tests in node: adapters as a script says, devices that compute nothing. */
import { vi } from 'vitest';

export interface FakeAdapter {
  features?: string[];
  /** Fields of GPUAdapterInfo. */
  info?: object;
  /** Whether it is computed on the CPU, as Chromium told it before GPUAdapterInfo did. */
  isFallbackAdapter?: boolean;
  limits?: Record<string, number>;
  /** What requestDevice rejects with. */
  refusal?: Error;
}

const INFO = { vendor: 'acme', architecture: 'gl-1', device: '', description: '', isFallbackAdapter: false };

/** What every WebGPU has at least. */
export const LEAST_LIMITS: Record<string, number> = {
  maxStorageBufferBindingSize: 128 * 2 ** 20,
  maxBufferSize: 256 * 2 ** 20,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBuffersPerShaderStage: 8,
  maxBindGroups: 4,
};

export interface FakeDevice {
  requested: GPUDeviceDescriptor;
  device: GPUDevice;
  /** Its buffers that are not destroyed. */
  buffers: Set<object>;
  lose(message: string): void;
}

/**
 * Takes the place of `navigator.gpu` until `vi.unstubAllGlobals()`.
 *
 * @param adapters  what each request gives, the last from then on: an adapter, null, or an error to throw
 * @returns every device that was opened
 */
export function stubGpu(...adapters: (FakeAdapter | null | Error)[]): FakeDevice[] {
  const opened: FakeDevice[] = [];
  let asked = 0;
  const requestAdapter = (): Promise<unknown> => {
    const next = adapters[Math.min(asked++, adapters.length - 1)];
    if (next instanceof Error) return Promise.reject(next);
    return Promise.resolve(next && createAdapter(next, opened));
  };
  vi.stubGlobal('navigator', { gpu: { requestAdapter }, userAgent: 'Browser/1', hardwareConcurrency: 2 });
  return opened;
}

function createAdapter(script: FakeAdapter, opened: FakeDevice[]): unknown {
  const { features = [], info = {}, isFallbackAdapter, limits = {}, refusal } = script;
  const all = { ...LEAST_LIMITS, ...limits };
  const adapterInfo = { ...INFO, ...info };
  return {
    features: new Set(features),
    info: adapterInfo,
    limits: all,
    ...(isFallbackAdapter !== undefined && { isFallbackAdapter }),
    requestDevice: (requested: GPUDeviceDescriptor = {}) => {
      if (refusal) return Promise.reject(refusal);
      const fake = createDevice(requested);
      opened.push(fake);
      return Promise.resolve(fake.device);
    },
  };
}

function createDevice(requested: GPUDeviceDescriptor): FakeDevice {
  const buffers = new Set<object>();
  let lose: (info: object) => void = () => undefined;
  const lost = new Promise<object>((resolve) => void (lose = resolve));
  const device = {
    lost,
    features: new Set(requested.requiredFeatures),
    limits: { ...LEAST_LIMITS, ...requested.requiredLimits },
    createShaderModule: (descriptor: object) => descriptor,
    createBuffer: ({ size, usage }: GPUBufferDescriptor) => {
      const buffer = { size, usage, destroy: () => void buffers.delete(buffer) };
      buffers.add(buffer);
      return buffer;
    },
    addEventListener: () => undefined,
    createCommandEncoder: () => ({ beginComputePass: () => ({}) }),
    createBindGroup: (descriptor: object) => ({ ...descriptor }),
    createComputePipelineAsync: (descriptor: object) => Promise.resolve({ ...descriptor }),
    queue: { submit: () => undefined },
    destroy: () => lose({ reason: 'destroyed', message: 'destroyed' }),
  };
  return {
    requested,
    device: device as unknown as GPUDevice,
    buffers,
    lose: (message) => lose({ reason: 'unknown', message }),
  };
}
