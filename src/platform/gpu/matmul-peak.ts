/** What this GPU reaches through WebGPU in products of matrices, by kernels of our own: the measure for everything else. */
import type { PeakRow } from '../../core/bench';
import { floatToHalf, halfToFloat } from '../../core/math/half';
import { matmulShader, tileOf, type MatmulForm } from './matmul-shader';

const SIDES = [512, 1024, 2048, 4096] as const;
/** A product of the largest side takes at most this: drivers end what runs for seconds. */
const LONGEST_MS = 80;
/** Measured together, so that the wait for the queue does not count. */
const TOGETHER_MS = 300;
const MAX_TOGETHER = 64;
/** Measured so often; the best counts, for a peak is what can be reached. */
const ROUNDS = 3;

/** Half precision of stored numbers only, or of the sums as well; small blocks suit small GPUs. */
function formsFor(device: GPUDevice): MatmulForm[] {
  const precisions = [
    { stored: 'f32', summed: 'f32' },
    ...(device.features.has('shader-f16')
      ? ([
          { stored: 'f16', summed: 'f32' },
          { stored: 'f16', summed: 'f16' },
        ] as const)
      : []),
  ] as const;
  return precisions.flatMap((one) => [4, 8].map((block) => ({ ...one, block: block as 4 | 8 })));
}

/** The best of the block sizes for each precision. Never throws: what went wrong is in the row. */
export async function measureMatmulPeaks(device: GPUDevice, now: () => number): Promise<PeakRow[]> {
  const best = new Map<string, PeakRow>();
  for (const form of formsFor(device)) {
    const precision = `${form.stored === 'f16' ? 'float16' : 'float32'}, sums in ${form.summed === 'f16' ? 'float16' : 'float32'}`;
    const row = await measureForm(device, form, now, precision).catch((error: unknown): PeakRow => ({
      what: `product of matrices, ${precision} (our kernel)`,
      failure: error instanceof Error ? error.message : String(error),
    }));
    const before = best.get(precision);
    if (!before || (row.tflops ?? 0) > (before.tflops ?? 0)) best.set(precision, row);
  }
  return [...best.values()];
}

async function measureForm(
  device: GPUDevice,
  form: MatmulForm,
  now: () => number,
  precision: string,
): Promise<PeakRow> {
  let side: number = SIDES[0];
  let product = await createProduct(device, form, side);
  try {
    await product.run(1); // compiles
    let ms = await timed(product, 1, now);
    for (const next of SIDES.slice(1)) {
      if (ms * (next / side) ** 3 > LONGEST_MS || !fitsDevice(device, form, next)) break;
      product.dispose();
      product = await createProduct(device, form, next);
      await product.run(1);
      ms = await timed(product, 1, now);
      side = next;
    }
    const wrong = await product.largestError();
    if (wrong > 0.02) throw new Error(`wrong by ${(100 * wrong).toPrecision(2)} % on this GPU`);
    const together = Math.max(1, Math.min(MAX_TOGETHER, Math.round(TOGETHER_MS / ms)));
    let fastest = Infinity;
    for (let i = 0; i < ROUNDS; i++) fastest = Math.min(fastest, await timed(product, together, now));
    const what = `product of ${side} x ${side} matrices, ${precision} (our kernel, tiles of ${tileOf(form)})`;
    return { what, tflops: (together * 2 * side ** 3) / (fastest / 1000) / 1e12 };
  } finally {
    product.dispose();
  }
}

const bytesOf = (form: MatmulForm, side: number): number => side * side * (form.stored === 'f16' ? 2 : 4);

const fitsDevice = ({ limits }: GPUDevice, form: MatmulForm, side: number): boolean =>
  bytesOf(form, side) <= Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);

interface Product {
  run(times: number): Promise<void>;
  /** Largest error of a few numbers of the result, against sums in float64: relative to the largest number. */
  largestError(): Promise<number>;
  dispose(): void;
}

async function timed(product: Product, times: number, now: () => number): Promise<number> {
  const start = now();
  await product.run(times);
  return Math.max(1e-3, now() - start);
}

/** Small whole numbers over 8: exact in half precision, and so are their products. */
const left = (row: number, column: number): number => (((row * 7 + column * 3) % 13) - 6) / 8;
const right = (row: number, column: number): number => (((row * 5 + column * 11) % 17) - 8) / 8;

async function createProduct(device: GPUDevice, form: MatmulForm, side: number): Promise<Product> {
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  const size = bytesOf(form, side);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const buffers = [left, right, undefined].map((numberAt) => {
    const buffer = device.createBuffer({ size, usage });
    if (numberAt) device.queue.writeBuffer(buffer, 0, matrixBytes(form, side, numberAt));
    return buffer;
  });
  const module = device.createShaderModule({ code: matmulShader(form, side) });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const wrong = (await device.popErrorScope()) ?? (await device.popErrorScope());
  if (wrong) throw new Error(wrong.message);
  const tiles = side / tileOf(form);
  return {
    async run(times) {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      for (let i = 0; i < times; i++) pass.dispatchWorkgroups(tiles, tiles);
      pass.end();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
    },
    largestError: () => largestError(device, form, side, buffers[2]),
    dispose: () => buffers.forEach((buffer) => buffer.destroy()),
  };
}

function matrixBytes(
  { stored }: MatmulForm,
  side: number,
  numberAt: (row: number, column: number) => number,
): Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  const values = new Float32Array(side * side);
  for (let i = 0; i < values.length; i++) values[i] = numberAt(Math.floor(i / side), i % side);
  return stored === 'f16' ? floatToHalf(values) : values;
}

/** Rows that are looked at: in the first, the last and another tile. */
async function largestError(device: GPUDevice, form: MatmulForm, side: number, result: GPUBuffer): Promise<number> {
  let difference = 0;
  let largest = 0;
  for (const row of [0, (side >> 1) + 3, side - 1]) {
    const values = await readRow(device, form, side, { buffer: result, row });
    for (let column = 1; column < side; column += 37) {
      let sum = 0;
      for (let k = 0; k < side; k++) sum += left(row, k) * right(k, column);
      difference = Math.max(difference, Math.abs(values[column] - sum));
      largest = Math.max(largest, Math.abs(sum));
    }
  }
  return difference / largest;
}

async function readRow(
  device: GPUDevice,
  { stored }: MatmulForm,
  side: number,
  { buffer, row }: { buffer: GPUBuffer; row: number },
): Promise<Float32Array> {
  const size = side * (stored === 'f16' ? 2 : 4);
  const copy = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, row * size, copy, 0, size);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const bytes = copy.getMappedRange().slice(0);
  copy.destroy();
  return stored === 'f16' ? halfToFloat(new Uint16Array(bytes)) : new Float32Array(bytes);
}
