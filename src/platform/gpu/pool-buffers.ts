/**
 * Gives the runtime's storage buffers on from one value to the next, also among commands that are not sent yet.
 *
 * ONNX Runtime's own caches wait with a free buffer until the commands that use it are sent, 16 kernels at a time, and by then the large
 * maps of an autoencoder have taken five times what is alive. WebGPU runs commands in order, each kernel after the writes of those before
 * it, so there is nothing to wait for: with the cache mode "disabled" the runtime destroys a buffer when it is done with it, and here that
 * puts it aside for the next one. It binds a kernel's buffers before it lets go of any, and encodes kernels that wait before each copy
 * (docs/decisions/memory.md). What is reused when: core/graph/idle-buffers.ts.
 */
import { IdleBuffers } from '../../core/graph';

export interface BufferPool {
  /** Buffers are reused while this goes on, and at no other time: what is uploaded while a session is made is sent before older commands. */
  whileRunning<T>(run: () => Promise<T>): Promise<T>;
  /** Gives back what is unused before it begins. */
  whileLoading<T>(load: () => Promise<T>): Promise<T>;
  /** Gives back what is unused, but not within a run: kernels that are not encoded yet may use it. */
  trim(): void;
}

/** GPUBufferUsage: STORAGE, and what lets the CPU see a buffer. */
const STORAGE = 0x80;
const MAPPED = 0x3;

export function poolBuffers(device: GPUDevice): BufferPool {
  const pool = new Pool(device);
  const { queue } = device;
  // Dawn for Node may make another object of it at each look
  if (device.queue !== queue) Object.defineProperty(device, 'queue', { value: queue });
  const createCommandEncoder = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    pool.opened();
    return createCommandEncoder(descriptor);
  };
  const submit = queue.submit.bind(queue);
  queue.submit = (commands) => {
    const all = [...commands];
    submit(all);
    pool.sent(all.length);
  };
  device.createBuffer = (descriptor) => pool.createBuffer(descriptor);
  return pool;
}

class Pool implements BufferPool {
  readonly #createNew: GPUDevice['createBuffer'];
  readonly #bindable: number;
  /** Free buffers by usage: a binding or copy needs what its buffer was made for. */
  readonly #idle = new Map<number, IdleBuffers<GPUBuffer>>();
  readonly #destroy = new WeakMap<GPUBuffer, () => undefined>();
  /** Buffers that are in the runtime's hands. */
  readonly #used = new WeakSet<GPUBuffer>();
  #dying: GPUBuffer[] = [];
  #running = 0;
  #loading = 0;
  /** Encoders whose commands are not sent yet. */
  #open = 0;

  constructor(device: GPUDevice) {
    this.#createNew = device.createBuffer.bind(device);
    this.#bindable = device.limits.maxStorageBufferBindingSize;
  }

  createBuffer(descriptor: GPUBufferDescriptor): GPUBuffer {
    const { size, usage, mappedAtCreation = false } = descriptor;
    if ((usage & STORAGE) === 0 || (usage & MAPPED) !== 0 || mappedAtCreation) return this.#createNew(descriptor);
    const idle = this.#reuses ? this.#idleOf(usage) : undefined;
    const buffer = idle?.take(size) ?? this.#createPooled(descriptor, idle);
    this.#used.add(buffer);
    return buffer;
  }

  opened(): void {
    this.#open += 1;
  }

  /** Commands of `count` encoders were sent; other encoders may still hold some. */
  sent(count: number): void {
    this.#open = Math.max(0, this.#open - count);
    if (this.#open > 0) return;
    for (const idle of this.#idle.values()) idle.sent();
    this.#destroyAll(this.#dying);
    this.#dying = [];
  }

  async whileRunning<T>(run: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await run();
    } finally {
      this.#running -= 1;
    }
  }

  async whileLoading<T>(load: () => Promise<T>): Promise<T> {
    this.#loading += 1;
    this.trim();
    try {
      return await load();
    } finally {
      this.#loading -= 1;
    }
  }

  trim(): void {
    if (this.#running > 0) return;
    for (const idle of this.#idle.values()) idle.clear().forEach((buffer) => void this.#end(buffer));
  }

  get #reuses(): boolean {
    return this.#running > 0 && this.#loading === 0;
  }

  #idleOf(usage: number): IdleBuffers<GPUBuffer> {
    const idle = this.#idle.get(usage) ?? new IdleBuffers(this.#bindable);
    this.#idle.set(usage, idle);
    return idle;
  }

  #createPooled(descriptor: GPUBufferDescriptor, idle: IdleBuffers<GPUBuffer> | undefined): GPUBuffer {
    this.#destroyAll(idle?.evict(descriptor.size) ?? []);
    const buffer = this.#createNew(descriptor);
    this.#destroy.set(buffer, buffer.destroy.bind(buffer));
    buffer.destroy = () => {
      if (!this.#used.delete(buffer)) return;
      if (this.#reuses) this.#idleOf(descriptor.usage).put(buffer);
      else this.#end(buffer);
    };
    return buffer;
  }

  /** Commands may use it that are not sent yet. */
  #end(buffer: GPUBuffer): void {
    if (this.#open > 0) this.#dying.push(buffer);
    else this.#destroyAll([buffer]);
  }

  #destroyAll(buffers: readonly GPUBuffer[]): void {
    for (const buffer of buffers) this.#destroy.get(buffer)?.();
  }
}
