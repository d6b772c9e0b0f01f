/** ONNX Runtime on one opened GPU. */
import { AppError } from '../../core/errors';
import type { RawSession, Runtime } from '../../engine/ports';
import { countMemory } from './count-memory';
import { readKeysInPlace } from './keys-in-place';
import type { OrtModule } from './ort-module';
import { createOrtSession } from './ort-session';
import { poolBuffers } from './pool-buffers';
import { watchMemory } from './watch-memory';

/** All of a runtime but what is told of the device. */
export type GpuRuntime = Omit<Runtime, 'device'>;

/** @param adapter  the GPU's name, for the message when it is lost */
export function createGpuRuntime(ort: OrtModule, device: GPUDevice, adapter: string): GpuRuntime {
  const lost = device.lost.then(({ message, reason }): never => {
    const why = reason === 'destroyed' ? 'It was closed.' : message;
    throw new AppError('device-lost', `${adapter}: ${why}`);
  });
  lost.catch(() => undefined); // watched by whoever races against it; nobody may be at the moment
  const memory = countMemory(device);
  const watch = watchMemory(device, memory);
  const pool = poolBuffers(device);
  readKeysInPlace(device);
  // Packed matrices are summed in float32: 0.03 % of error in half precision instead of 0.1 to 0.4 %.
  const provider = { name: 'webgpu', device, storageBufferCacheMode: 'disabled', enableMatmulFp32Accumulation: true };
  return {
    target: 'webgpu',
    lost,
    memory: { ...memory, trim: () => void pool.trim() },
    createSession: async (graph, options) => {
      let session: RawSession | undefined;
      const create = async (): Promise<RawSession> =>
        (session = await createOrtSession(ort, [provider as { name: 'webgpu' }], graph, options));
      const made = await watch(() => pool.whileLoading(create)).catch(async (error: unknown) => {
        await session?.dispose().catch(() => undefined); // made over weights that found no room: that is the reason to tell
        throw error;
      });
      const keep = made.keep?.bind(made);
      return {
        run: (inputs, beside) => watch(() => pool.whileRunning(() => made.run(inputs, beside))),
        ...(keep && { keep: (inputs, beside) => watch(() => pool.whileRunning(() => keep(inputs, beside))) }),
        dispose: () => made.dispose().finally(() => pool.trim()),
      };
    },
    dispose: () => Promise.resolve(device.destroy()),
  };
}
