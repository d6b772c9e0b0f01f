/** Counts what buffers take on the GPU: wraps what makes and what destroys them. To be called before a device is opened. */

/** Memory in bytes, but `made`, which counts buffers. `peak` and `largest` are since the last time it was asked. */
export interface MemoryUse {
  live: number;
  peak: number;
  largest: number;
  made: number;
}

export class GpuMemory {
  #live = 0;
  #peak = 0;
  #largest = 0;
  #made = 0;
  readonly #sizes = new WeakMap<GPUBuffer, number>();

  constructor() {
    const [make, destroy] = [GPUDevice.prototype.createBuffer, GPUBuffer.prototype.destroy];
    const made = (buffer: GPUBuffer): void => this.#add(buffer);
    const gone = (buffer: GPUBuffer): void => this.#remove(buffer);
    GPUDevice.prototype.createBuffer = function (this: GPUDevice, descriptor) {
      const buffer = make.call(this, descriptor);
      made(buffer);
      return buffer;
    };
    GPUBuffer.prototype.destroy = function (this: GPUBuffer) {
      gone(this);
      return destroy.call(this);
    };
  }

  #add(buffer: GPUBuffer): void {
    this.#sizes.set(buffer, buffer.size);
    this.#live += buffer.size;
    this.#made++;
    this.#peak = Math.max(this.#peak, this.#live);
    this.#largest = Math.max(this.#largest, buffer.size);
  }

  #remove(buffer: GPUBuffer): void {
    this.#live -= this.#sizes.get(buffer) ?? 0;
    this.#sizes.delete(buffer);
  }

  take(): MemoryUse {
    const taken = { live: this.#live, peak: this.#peak, largest: this.#largest, made: this.#made };
    this.#peak = this.#live;
    this.#largest = 0;
    this.#made = 0;
    return taken;
  }
}
