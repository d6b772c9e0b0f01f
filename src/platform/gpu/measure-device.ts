/** What the GPU offers, and how fast it multiplies: for judging models before one is downloaded. */
import type { DeviceFacts } from '../../core/catalog';

const NONE: DeviceFacts = { hasWebGpu: false, adapter: '', isSoftware: false, shaderF16: false, maxBufferBytes: 0 };

/** Side of the matrices: large enough for a GPU to be busy, small enough for software to end within a second. */
const SIDE = 512;
/** Multiplied until this time has passed. */
const ENOUGH_MS = 150;
const MAX_ROUNDS = 64;

/** 8 × 8 outputs a workgroup through shared memory: as a convolution's inner loop, far from a GPU's peak. */
const SHADER = `
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read_write> c: array<f32>;
var<workgroup> left: array<f32, 64>;
var<workgroup> right: array<f32, 64>;
@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) g: vec3u, @builtin(local_invocation_id) l: vec3u) {
  var sum = 0.0;
  for (var k = 0u; k < ${SIDE}u; k += 8u) {
    left[l.y * 8u + l.x] = a[g.y * ${SIDE}u + k + l.x];
    right[l.y * 8u + l.x] = a[(k + l.y) * ${SIDE}u + g.x];
    workgroupBarrier();
    for (var i = 0u; i < 8u; i++) { sum += left[l.y * 8u + i] * right[i * 8u + l.x]; }
    workgroupBarrier();
  }
  c[g.y * ${SIDE}u + g.x] = sum;
}`;

/** Never throws: what cannot be measured is not there. @param now milliseconds */
export async function measureDevice(now: () => number = () => performance.now()): Promise<DeviceFacts> {
  const adapter = await (navigator as Partial<Navigator>).gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null); // a driver that refuses is as good as none
  if (!adapter) return NONE;
  const { info, limits, features } = adapter;
  const facts: DeviceFacts = {
    hasWebGpu: true,
    adapter: [info.vendor, info.architecture, info.description].filter((word) => word !== '').join(' '),
    isSoftware: info.isFallbackAdapter || info.architecture === 'swiftshader',
    shaderF16: features.has('shader-f16'),
    maxBufferBytes: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
  };
  try {
    return { ...facts, tflops: await multiply(adapter, now) };
  } catch (error) {
    console.info('The GPU could not be measured.', error);
    return facts;
  }
}

async function multiply(adapter: GPUAdapter, now: () => number): Promise<number> {
  const device = await adapter.requestDevice();
  try {
    const buffer = (): GPUBuffer => device.createBuffer({ size: SIDE * SIDE * 4, usage: GPUBufferUsage.STORAGE });
    const pipeline = await device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code: SHADER }), entryPoint: 'main' },
    });
    const entries = [buffer(), buffer()].map((one, binding) => ({ binding, resource: { buffer: one } }));
    const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    const round = async (): Promise<void> => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(SIDE / 8, SIDE / 8);
      pass.end();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
    };
    await round(); // compiles
    const start = now();
    let rounds = 0;
    while (rounds < MAX_ROUNDS && now() - start < ENOUGH_MS) {
      await round();
      rounds += 1;
    }
    return (rounds * 2 * SIDE ** 3) / ((now() - start) / 1000) / 1e12;
  } finally {
    device.destroy();
  }
}
