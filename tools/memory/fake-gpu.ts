/** A GPU that computes nothing and counts the buffers it is asked for: full-size graphs "run" on it in seconds, and results are nonsense. */

export interface FakeGpu {
  device: GPUDevice;
  /** Bytes of storage buffers since it was asked last. */
  counted(): number;
  /** Bytes of storage buffers that exist now. */
  alive(): number;
  /** The most that was alive since it was asked for last. */
  peak(): number;
}

const STORAGE = 0x80;
/** What is read back or mapped is this, again and again: nobody looks at it. */
let scratch = new ArrayBuffer(1 << 20);

function scratchOf(size: number): ArrayBuffer {
  if (scratch.byteLength < size) scratch = new ArrayBuffer(size);
  return scratch.byteLength === size ? scratch : scratch.slice(0, size);
}

const LIMIT = 2 ** 32 - 4;
const LIMITS = {
  maxBufferSize: LIMIT,
  maxStorageBufferBindingSize: LIMIT,
  maxUniformBufferBindingSize: 65536,
  maxComputeWorkgroupStorageSize: 32768,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupSizeX: 1024,
  maxComputeWorkgroupSizeY: 1024,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBuffersPerShaderStage: 16,
  maxBindGroups: 4,
  maxBindingsPerBindGroup: 1000,
  maxDynamicStorageBuffersPerPipelineLayout: 8,
  minStorageBufferOffsetAlignment: 256,
  minUniformBufferOffsetAlignment: 256,
};

/** Is called, and answers with a new anything. */
const NOTHING = (): object => anything();

/** Answers every call with something like itself, and keeps what is set: passes, encoders, layouts. */
function anything(): object {
  const own = new Map<string | symbol, unknown>();
  const self: object = new Proxy(() => undefined, {
    get: (_target, name) =>
      own.get(name) ?? (name === 'then' ? undefined : name === Symbol.toPrimitive ? () => 0 : NOTHING),
    set: (_target, name, value) => Boolean(own.set(name, value)),
    apply: () => self,
  });
  return self;
}

export function createFakeGpu(features: readonly string[] = ['shader-f16', 'subgroups']): FakeGpu {
  let made = 0;
  let alive = 0;
  let most = 0;
  const createBuffer = ({ size, usage }: GPUBufferDescriptor): object => {
    const isStorage = (usage & STORAGE) !== 0;
    let exists = isStorage;
    if (isStorage) {
      made += size;
      alive += size;
      most = Math.max(most, alive);
    }
    return {
      size,
      usage,
      mapState: 'unmapped',
      mapAsync: () => Promise.resolve(),
      getMappedRange: (offset = 0, length = size - offset) => scratchOf(length),
      unmap: () => undefined,
      destroy(): void {
        if (exists) alive -= size;
        exists = false;
      },
    };
  };
  const device: Record<string, unknown> = {
    features: new Set(features),
    limits: LIMITS,
    adapterInfo: {
      vendor: 'fake',
      architecture: '',
      device: '',
      description: 'counts',
      subgroupMinSize: 32,
      subgroupMaxSize: 32,
    },
    lost: new Promise(() => undefined),
    createBuffer,
    pushErrorScope: () => undefined,
    popErrorScope: () => Promise.resolve(null),
    createShaderModule: ({ label }: GPUShaderModuleDescriptor) => ({
      label,
      getCompilationInfo: () => Promise.resolve({ messages: [] }),
    }),
    createComputePipeline: () => ({ getBindGroupLayout: () => ({}) }),
    createComputePipelineAsync: () => Promise.resolve({ getBindGroupLayout: () => ({}) }),
    createBindGroup: () => ({}),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createCommandEncoder: anything,
    createQuerySet: anything,
    addEventListener: () => undefined,
    destroy: () => undefined,
    queue: {
      submit: () => undefined,
      writeBuffer: () => undefined,
      onSubmittedWorkDone: () => Promise.resolve(),
    },
  };
  return {
    device: device as unknown as GPUDevice,
    alive: () => alive,
    peak() {
      const bytes = most;
      most = alive;
      return bytes;
    },
    counted() {
      const bytes = made;
      made = 0;
      return bytes;
    },
  };
}

/** ONNX Runtime looks for a browser's WebGPU, and for the class of the device that it is given. */
export function installFakeGpu(device: GPUDevice): void {
  class FakeDevice {}
  Object.setPrototypeOf(device, FakeDevice.prototype as object);
  const { features, limits } = device;
  const adapter = { features, limits, info: {}, requestDevice: () => Promise.resolve(device) };
  const gpu = { requestAdapter: () => Promise.resolve(adapter), getPreferredCanvasFormat: () => 'bgra8unorm' };
  const navigator = { gpu, hardwareConcurrency: 1, userAgent: 'node' };
  const usage = ['MAP_READ', 'MAP_WRITE', 'COPY_SRC', 'COPY_DST', 'INDEX', 'VERTEX', 'UNIFORM', 'STORAGE', 'INDIRECT'];
  const values = {
    navigator,
    GPUDevice: FakeDevice,
    GPUBufferUsage: Object.fromEntries(usage.map((name, bit) => [name, 1 << bit])),
    GPUMapMode: { READ: 1, WRITE: 2 },
    GPUShaderStage: { COMPUTE: 4 },
  };
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  for (const name of ['GPUAdapter', 'GPUBuffer', 'GPUValidationError', 'GPUOutOfMemoryError', 'GPUInternalError'])
    Object.defineProperty(globalThis, name, { value: class {}, configurable: true, writable: true });
}
