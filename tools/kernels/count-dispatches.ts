/** Counts the kernels that a device is told to run, by the names that ONNX Runtime gives their shaders. */

export type Dispatches = Map<string, number>;

export interface DispatchCounter {
  /** Dispatches by name, since it was asked last. */
  take(): Dispatches;
}

/** Wraps what makes pipelines and passes of this device; to be called before anything is made on it. */
export function countDispatches(device: GPUDevice): DispatchCounter {
  let counts: Dispatches = new Map();
  const names = new WeakMap<object, string>();
  const make = device.createComputePipeline.bind(device);
  device.createComputePipeline = (descriptor) => {
    const pipeline = make(descriptor);
    names.set(pipeline, descriptor.compute.module.label);
    return pipeline;
  };
  const makeLater = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = async (descriptor) => {
    const pipeline = await makeLater(descriptor);
    names.set(pipeline, descriptor.compute.module.label);
    return pipeline;
  };
  const count = (pipeline: GPUComputePipeline | undefined): void => {
    const name = (pipeline && names.get(pipeline)) ?? 'unnamed';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  const encode = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    const encoder = encode(descriptor);
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (options) => countPass(begin(options), count);
    return encoder;
  };
  return {
    take() {
      const taken = counts;
      counts = new Map();
      return taken;
    },
  };
}

function countPass(
  pass: GPUComputePassEncoder,
  count: (pipeline: GPUComputePipeline | undefined) => void,
): GPUComputePassEncoder {
  let current: GPUComputePipeline | undefined;
  const set = pass.setPipeline.bind(pass);
  pass.setPipeline = (pipeline) => set((current = pipeline));
  const dispatch = pass.dispatchWorkgroups.bind(pass);
  pass.dispatchWorkgroups = (...sizes) => {
    count(current);
    return dispatch(...sizes);
  };
  const indirect = pass.dispatchWorkgroupsIndirect.bind(pass);
  pass.dispatchWorkgroupsIndirect = (...place) => {
    count(current);
    return indirect(...place);
  };
  return pass;
}
