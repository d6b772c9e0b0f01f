/** Opens GPUs in a real browser, sound and damaged ones, and runs on them what device.spec.ts asks for. */
import type { Activations } from '../../../src/core/graph';
import { parityError } from '../../../src/core/networks/testing/parity';
import { findGpu, openGpu, type GpuOptions } from '../../../src/platform/gpu/device';
import { createGpuRuntime, type GpuRuntime } from '../../../src/platform/gpu/gpu-runtime';
import { loadOrt } from '../../../src/platform/gpu/ort-module';
import { SELF_TEST_CASES } from '../../../src/platform/gpu/self-test/cases';
import { runCase } from '../../../src/platform/gpu/self-test/run-case';

/** Made on the device before ONNX Runtime sees it. */
export interface Damage {
  /** Shaders reach the browser as ONNX Runtime wrote them. */
  unmended?: boolean;
  /** In shaders that hold `where`, `find` becomes `put`. */
  altered?: { where: string; find: string; put: string };
}

export interface CaseResult {
  name: string;
  activations: Activations;
  error?: number;
  failure?: string;
  seconds: number;
}

declare global {
  interface Window {
    openGpuDevice(options: GpuOptions, damage?: Damage): Promise<{ features: string[]; subgroups: number[] }>;
    runCases(activations: Activations, names?: string[]): Promise<CaseResult[]>;
    caseNames(): string[];
    /** @returns what the shader writes into its one buffer */
    runShader(code: string, count: number): Promise<number[]>;
    /** Memory of the open device's sessions. */
    gpuMemory(): { aliveBytes: number; peakBytes: number };
    deviceLimits(): { maxStorageBufferBindingSize: number; maxStorageBuffersPerShaderStage: number };
    /** @returns the relative error of a parity case on the open device */
    runParityCase(name: string, activations?: Activations): Promise<number>;
    /** WGSL that the device was given. */
    shaders: { label: string; code: string }[];
  }
}

let device: GPUDevice;
/** Made when it is first used: ONNX Runtime keeps what it knows of a device. */
let runtime: Promise<GpuRuntime> | undefined;

const openedRuntime = (): Promise<GpuRuntime> =>
  (runtime ??= loadOrt().then((ort) => (counted = createGpuRuntime(ort, device, 'GPU'))));
let counted: GpuRuntime | undefined;

window.shaders = [];

window.openGpuDevice = async (options, damage = {}) => {
  const found = await findGpu();
  if (typeof found === 'string') throw new Error(found);
  const opened = await openGpu(found, options);
  if (typeof opened === 'string') throw new Error(opened);
  device = damaged(opened, damage);
  runtime = counted = undefined;
  const { subgroupMinSize, subgroupMaxSize } = found.adapter.info as unknown as Record<string, number>;
  return { features: [...device.features], subgroups: [subgroupMinSize, subgroupMaxSize] };
};

function damaged(gpu: GPUDevice, { unmended = false, altered }: Damage): GPUDevice {
  // Openers put their own function before the browser's.
  const create = unmended
    ? GPUDevice.prototype.createShaderModule.bind(gpu)
    : (descriptor: GPUShaderModuleDescriptor) => createMended(descriptor);
  const createMended = gpu.createShaderModule;
  gpu.createShaderModule = (descriptor) => {
    window.shaders.push({ label: descriptor.label ?? '', code: descriptor.code });
    const { where, find, put } = altered ?? { where: '\0', find: '', put: '' };
    const code = descriptor.code.includes(where) ? descriptor.code.replaceAll(find, put) : descriptor.code;
    return create({ ...descriptor, code });
  };
  return gpu;
}

window.runCases = async (activations, names) => {
  const runtime = await openedRuntime();
  const results: CaseResult[] = [];
  for (const test of SELF_TEST_CASES.filter(({ name }) => names?.includes(name) ?? true)) {
    const start = performance.now();
    const result: CaseResult = { name: test.name, activations, seconds: 0 };
    try {
      result.error = await runCase(test, runtime, activations);
    } catch (error) {
      result.failure = error instanceof Error ? error.message : String(error);
    }
    results.push({ ...result, seconds: (performance.now() - start) / 1000 });
  }
  return results;
};

window.caseNames = () => SELF_TEST_CASES.map(({ name }) => name);

window.gpuMemory = () => counted?.memory?.read() ?? { aliveBytes: 0, peakBytes: 0 };

window.deviceLimits = () => {
  const { maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage } = device.limits;
  return { maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage };
};

// not import.meta.url: Vite would take the folder for an asset
const fixtures = new URL('/src/core/networks/fixtures/', location.href);

window.runParityCase = async (name, activations = 'float32') => {
  const { target, createSession } = await openedRuntime();
  const read = async (path: string) => new Uint8Array(await (await fetch(new URL(path, fixtures))).arrayBuffer());
  return parityError(name, { form: { target, activations }, read, createSession });
};

window.runShader = async (code, count) => {
  const bytes = count * 4;
  const out = device.createBuffer({ size: bytes, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const read = device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const module = device.createShaderModule({ code });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  const entries = [{ binding: 0, resource: { buffer: out } }];
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(out, 0, read, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(GPUMapMode.READ);
  return [...new Float32Array(read.getMappedRange())];
};
