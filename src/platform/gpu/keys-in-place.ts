/**
 * Lets flash attention read keys and values where they are.
 *
 * ONNX Runtime copies them from [batch, tokens, heads, size] to [batch, heads, tokens, size] before each attention. Here that copy waits. If the next kernel of the
 * pass is the attention that reads it, the attention runs on the keys and values themselves, in a form that counts in their order: the same numbers in the same
 * order, and one kernel less. Else the copy is made first, as it was told. WGSL of another form (a past, a later version) is left as it is.
 */

const BEFORE_COPY = [
  '@binding(0) var<storage, read> key:',
  '@binding(1) var<storage, read> value:',
  '@binding(2) var<storage, read_write> present_key:',
  '@binding(3) var<storage, read_write> present_value:',
  'let offset = i2o_key(key_indices_t(batch, sequence_id, num_head_id, head_size_id));',
  'present_key[present_offset]=key[offset];',
  'present_value[present_offset]=value[offset];',
];

/** A kernel that does nothing but put keys and values of [batch, tokens, heads, size] head by head. */
export const copiesKeys = (code: string): boolean =>
  BEFORE_COPY.every((line) => code.includes(line)) && !/past_(key|value)\b/.test(code);

const START =
  /batch_head_idx \/ uniforms\.n_reps \* uniforms\.present_sequence_length \* head_size_vec \+\s*([kv]_start) \* head_size_vec;/g;
const READ = /present_(key|value)\[offset \+ idx\]/g;

/** @returns flash attention that reads keys and values as [batch, tokens, heads, size], as many heads as queries have; nothing for another kernel */
export function attentionInPlace(code: string): string | undefined {
  const isKnown =
    code.includes('@binding(1) var<storage, read> present_key:') &&
    code.includes('@binding(2) var<storage, read> present_value:') &&
    code.match(/\bpresent_(key|value)\b/g)?.length === 4 &&
    code.match(START)?.length === 2 &&
    code.match(READ)?.length === 2 &&
    code.match(/let slot = u32\(idx \/ head_size_vec\);/g)?.length === 2;
  if (!isKnown) return undefined;
  return code
    .replace(
      START,
      '(batch_head_idx / num_heads * uniforms.present_sequence_length * num_heads + batch_head_idx % num_heads) * head_size_vec + $1 * num_heads * head_size_vec;',
    )
    .replace(READ, 'present_$1[offset + slot * num_heads * head_size_vec + idx % head_size_vec]');
}

/** To be called before anything is made on the device. */
export function readKeysInPlace(device: GPUDevice): void {
  const reader = new KeyReader(device);
  const createShaderModule = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => reader.read(createShaderModule(descriptor), descriptor.code);
  const createPipeline = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = (descriptor) => reader.createPipeline(createPipeline, descriptor);
  const createCommandEncoder = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    const encoder = createCommandEncoder(descriptor);
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (options) => reader.watch(begin(options));
    return encoder;
  };
}

interface Call {
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
  sizes: Parameters<GPUComputePassEncoder['dispatchWorkgroups']>;
}

class KeyReader {
  readonly #device: GPUDevice;
  readonly #createBindGroup: GPUDevice['createBindGroup'];
  readonly #codes = new WeakMap<GPUShaderModule, string>();
  readonly #copies = new WeakSet<GPUComputePipeline>();
  readonly #inPlace = new WeakMap<GPUComputePipeline, GPUComputePipeline>();
  readonly #groups = new WeakMap<GPUBindGroup, GPUBindGroupDescriptor>();

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#createBindGroup = device.createBindGroup.bind(device);
    device.createBindGroup = (descriptor) => {
      const group = this.#createBindGroup(descriptor);
      this.#groups.set(group, descriptor);
      return group;
    };
  }

  read(module: GPUShaderModule, code: string): GPUShaderModule {
    this.#codes.set(module, code);
    return module;
  }

  async createPipeline(
    create: GPUDevice['createComputePipelineAsync'],
    descriptor: GPUComputePipelineDescriptor,
  ): Promise<GPUComputePipeline> {
    const { module } = descriptor.compute;
    const code = this.#codes.get(module) ?? '';
    const other = attentionInPlace(code);
    const [pipeline, inPlace] = await Promise.all([
      create(descriptor),
      // where it is refused, copies are made as before
      other && this.#createOther(create, descriptor, other).catch(() => undefined),
    ]);
    if (copiesKeys(code)) this.#copies.add(pipeline);
    if (inPlace) this.#inPlace.set(pipeline, inPlace);
    return pipeline;
  }

  async #createOther(
    create: GPUDevice['createComputePipelineAsync'],
    descriptor: GPUComputePipelineDescriptor,
    code: string,
  ): Promise<GPUComputePipeline> {
    const module = this.#device.createShaderModule({ label: descriptor.compute.module.label, code });
    return create({ ...descriptor, compute: { ...descriptor.compute, module } });
  }

  /** The pass is told pipeline and bind group with each kernel. A copy never waits beyond the end of its pass. */
  watch(pass: GPUComputePassEncoder): GPUComputePassEncoder {
    const setPipeline = pass.setPipeline.bind(pass);
    const setBindGroup = pass.setBindGroup.bind(pass) as GPUComputePassEncoder['setBindGroup'];
    const dispatch = pass.dispatchWorkgroups.bind(pass);
    const indirect = pass.dispatchWorkgroupsIndirect.bind(pass);
    const end = pass.end.bind(pass);
    let pipeline: GPUComputePipeline | undefined;
    let group: GPUBindGroup | undefined;
    let copy: Call | undefined;
    const run = (call: Call): void => {
      setPipeline(call.pipeline);
      setBindGroup(0, call.group);
      dispatch(...call.sizes);
    };
    const runCopy = (): void => {
      if (copy) run(copy);
      copy = undefined;
    };
    pass.setPipeline = (next) => void (pipeline = next);
    pass.setBindGroup = (...args: [number, GPUBindGroup]) => {
      const isPlain = args[0] === 0 && args.length === 2;
      group = isPlain ? args[1] : group;
      return isPlain ? undefined : setBindGroup(...args);
    };
    pass.dispatchWorkgroups = (...sizes) => {
      if (!pipeline || !group) throw new TypeError('a kernel was told to run without a pipeline or its buffers');
      const call = { pipeline, group, sizes };
      const isCopy = this.#copies.has(pipeline);
      const moved = copy && this.#onKeysOf(copy, call);
      if (moved) copy = undefined;
      else runCopy();
      if (isCopy) copy = call;
      else run(moved ?? call);
    };
    pass.dispatchWorkgroupsIndirect = (...place) => {
      runCopy();
      if (pipeline) setPipeline(pipeline);
      if (group) setBindGroup(0, group);
      indirect(...place);
    };
    pass.end = () => {
      runCopy();
      end();
    };
    return pass;
  }

  /** @returns the attention on what the copy reads; nothing where it is no attention on what the copy writes */
  #onKeysOf(copy: Call, { pipeline, group, sizes }: Call): Call | undefined {
    const inPlace = this.#inPlace.get(pipeline);
    const [from, to] = [this.#groups.get(copy.group), this.#groups.get(group)];
    if (!inPlace || !from || !to) return undefined;
    const [key, value, presentKey, presentValue] = [0, 1, 2, 3].map((binding) => bound(from, binding));
    const isRead = isSame(bound(to, 1), presentKey) && isSame(bound(to, 2), presentValue);
    if (!key || !value || !isRead) return undefined;
    const resources = new Map([
      [1, key],
      [2, value],
    ]);
    const entries = [...to.entries].map((entry) => ({
      ...entry,
      resource: resources.get(entry.binding) ?? entry.resource,
    }));
    return { pipeline: inPlace, group: this.#createBindGroup({ ...to, entries }), sizes };
  }
}

/** A buffer that is bound as a whole or from its beginning. */
function bound({ entries }: GPUBindGroupDescriptor, binding: number): GPUBufferBinding | undefined {
  const resource = [...entries].find((entry) => entry.binding === binding)?.resource;
  return resource && 'buffer' in resource && !resource.offset ? resource : undefined;
}

const isSame = (a: GPUBufferBinding | undefined, b: GPUBufferBinding | undefined): boolean =>
  a !== undefined && a.buffer === b?.buffer && a.size === b.size;
