/** Fixtures of tools/fixtures/make_adapters.py, and files made of them in memory. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { bytesSource, type ByteSource } from '../../formats';
import { safetensorsBytes } from '../../formats/testing/safetensors-bytes';
import type { ModelShapes } from '../model-shapes';

export interface Packed {
  shape: number[];
  f32: string;
}

export interface KindCase {
  name: string;
  /** "linear", "conv", ...: a layer of the weights. */
  module: string;
  parts: Record<string, Packed>;
  /** adapter_config.json of PEFT. */
  config?: object;
  prefix?: string;
  after: { weight: Packed; bias: Packed };
}

export const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

export const gzippedJson = <Value>(name: string): Value => JSON.parse(gunzipSync(fixture(name)).toString()) as Value;

export const KINDS = gzippedJson<{ weights: Record<string, Packed>; cases: KindCase[] }>('kinds.json.gz');

export function floats({ f32 }: Packed): Float32Array {
  const bytes = Buffer.from(f32, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** The tiny layers as if they were a denoiser's. */
export const TINY: ModelShapes = new Map([
  ['unet', new Map(Object.entries(KINDS.weights).map(([name, { shape }]) => [name, shape]))],
]);

export interface TestTensor {
  shape: readonly number[];
  values?: ArrayLike<number>;
}

/** A .safetensors file of float32; zeros where no values are given. */
export function safetensors(
  tensors: Readonly<Record<string, TestTensor>>,
  { name = 'x.safetensors', metadata }: { name?: string; metadata?: Record<string, string> } = {},
): ByteSource {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  const all: Float32Array[] = [];
  let at = 0;
  for (const [key, { shape, values }] of Object.entries(tensors)) {
    const count = shape.reduce((product, n) => product * n, 1);
    header[key] = { dtype: 'F32', shape, data_offsets: [at, at + 4 * count] };
    all.push(values ? Float32Array.from(values) : new Float32Array(count));
    at += 4 * count;
  }
  return bytesSource(name, safetensorsBytes(header, Buffer.concat(all.map((one) => Buffer.from(one.buffer)))));
}

/** Relative difference ‖a − b‖ / ‖b‖. */
export function relativeError(a: Float32Array, b: Float32Array): number {
  let [error, size] = [0, 0];
  b.forEach((value, i) => {
    error += (a[i] - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(error / Math.max(size, 1e-30));
}
