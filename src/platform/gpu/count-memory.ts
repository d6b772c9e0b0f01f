/** Counts the GPU memory of a device's buffers, as they were asked for: WebGPU itself does not say. */
import type { GpuMemory } from '../../engine/ports';

/** Counts from now on. A buffer that is thrown away without `destroy` counts until the device is destroyed. */
export function countMemory(device: GPUDevice): GpuMemory {
  let aliveBytes = 0;
  let peakBytes = 0;
  let alive = new WeakSet<GPUBuffer>();
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    aliveBytes += descriptor.size;
    peakBytes = Math.max(peakBytes, aliveBytes);
    alive.add(buffer);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      if (alive.delete(buffer)) aliveBytes -= descriptor.size;
      return destroy();
    };
    return buffer;
  };
  const destroyDevice = device.destroy.bind(device);
  device.destroy = () => {
    aliveBytes = 0;
    alive = new WeakSet();
    return destroyDevice();
  };
  return {
    read: () => ({ aliveBytes, peakBytes }),
    reset: () => void (peakBytes = aliveBytes),
  };
}
