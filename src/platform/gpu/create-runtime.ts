/** Makes the runtime: WebGPU where there is an adapter, else the CPU through wasm, saying so. */
import { AppError } from '../../core/errors';
import type { DeviceReport, ProviderChoice } from '../../engine/api';
import type { Runtime } from '../../engine/ports';
import { openGpu, type OpenedGpu } from './device';
import { loadOrt, type OrtModule } from './ort-module';
import { createOrtSession } from './ort-session';

/** @throws AppError 'no-webgpu' when WebGPU was demanded and is not there */
export async function createRuntime(choice: ProviderChoice): Promise<Runtime> {
  const ort = await loadOrt();
  if (choice === 'wasm') return createCpuRuntime(ort);
  const gpu = await openGpu().catch(
    (error: unknown) => `WebGPU could not be opened: ${error instanceof Error ? error.message : String(error)}.`,
  );
  if (typeof gpu !== 'string') return createGpuRuntime(ort, gpu);
  if (choice === 'webgpu') throw new AppError('no-webgpu', gpu);
  return createCpuRuntime(ort, gpu);
}

function createGpuRuntime(ort: OrtModule, { device, adapterName }: OpenedGpu): Runtime {
  const lost = device.lost.then(({ message, reason }): never => {
    const why = reason === 'destroyed' ? 'It was closed.' : message;
    throw new AppError('device-lost', `${adapterName}: ${why}`);
  });
  lost.catch(() => undefined); // watched by whoever races against it; nobody may be at the moment
  // 'simple' frees buffers of no more use; the default keeps buckets that only changing shapes profit from.
  const provider = { name: 'webgpu', device, storageBufferCacheMode: 'simple', enableMatmulFp32Accumulation: true };
  return {
    device: {
      provider: 'webgpu',
      adapter: adapterName,
      maxBufferBytes: device.limits.maxStorageBufferBindingSize,
      halfPrecision: device.features.has('shader-f16'),
    },
    target: 'webgpu',
    lost,
    createSession: (graph) => createOrtSession(ort, [provider as { name: 'webgpu' }], graph),
    dispose: () => Promise.resolve(device.destroy()),
  };
}

function createCpuRuntime(ort: OrtModule, fallbackReason?: string): Runtime {
  const threads = ort.env.wasm.numThreads ?? 1;
  const device: DeviceReport = {
    provider: 'wasm',
    adapter: `CPU, ${threads} thread${threads === 1 ? '' : 's'}`,
    ...(fallbackReason === undefined ? {} : { fallbackReason }),
  };
  return {
    device,
    target: 'portable',
    lost: new Promise<never>(() => undefined),
    createSession: (graph) => createOrtSession(ort, ['wasm'], graph),
    dispose: () => Promise.resolve(),
  };
}
