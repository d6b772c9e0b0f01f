/** Whole checkpoints for tests, made of names and shapes: bytes come into being when they are read. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DTYPE_BYTES, type ByteSource, type TensorDtype } from '../../formats';
import { safetensorsBytes } from '../../formats/testing/safetensors-bytes';
import { floatToHalf } from '../../math';

export type Shapes = Record<string, readonly number[]>;

export const readFixture = <Content>(name: string): Content =>
  JSON.parse(gunzipSync(readFileSync(new URL(`../fixtures/${name}`, import.meta.url))).toString()) as Content;

export interface VirtualOptions {
  dtype?: TensorDtype;
  metadata?: Record<string, string>;
  /** dtypes of single tensors. */
  dtypes?: Record<string, TensorDtype>;
  /** The value of element `i` of a tensor; 0 where absent. */
  value?: (key: string, i: number) => number;
}

export interface VirtualSource extends ByteSource {
  /** Where each tensor's bytes are, and every range that was read of them. */
  places: Map<string, { offset: number; byteLength: number }>;
  reads: { offset: number; length: number }[];
}

/** A .safetensors file of any size. */
export function virtualSafetensors(name: string, shapes: Shapes, options: VirtualOptions = {}): VirtualSource {
  const { dtype = 'F16', metadata, dtypes = {}, value } = options;
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  let end = 0;
  for (const [key, shape] of Object.entries(shapes)) {
    const type = dtypes[key] ?? dtype;
    const byteLength = shape.reduce((product, n) => product * n, DTYPE_BYTES[type]);
    header[key] = { dtype: type, shape, data_offsets: [end, end + byteLength] };
    end += byteLength;
  }
  const head = safetensorsBytes(header, new Uint8Array());
  const places = placesOf(header, head.length);
  const reads: VirtualSource['reads'] = [];
  return {
    name,
    size: head.length + end,
    places,
    reads,
    read(offset, length) {
      const out = new Uint8Array(length);
      if (offset < head.length) out.set(head.subarray(offset, offset + length));
      else {
        reads.push({ offset, length });
        if (value) fill(out, { offset, places, header, value });
      }
      return Promise.resolve(out);
    },
  };
}

type Header = Record<string, unknown>;

function placesOf(header: Header, start: number): VirtualSource['places'] {
  return new Map(
    Object.entries(header)
      .filter(([key]) => key !== '__metadata__')
      .map(([key, entry]) => {
        const [begin, end] = (entry as { data_offsets: [number, number] }).data_offsets;
        return [key, { offset: start + begin, byteLength: end - begin }];
      }),
  );
}

interface Filling {
  offset: number;
  places: VirtualSource['places'];
  header: Header;
  value: (key: string, i: number) => number;
}

/** Writes the part of one tensor that the range is of. */
function fill(out: Uint8Array<ArrayBuffer>, { offset, places, header, value }: Filling): void {
  for (const [key, place] of places) {
    if (offset < place.offset || offset + out.length > place.offset + place.byteLength || out.length === 0) continue;
    const { dtype } = header[key] as { dtype: TensorDtype };
    const start = (offset - place.offset) / DTYPE_BYTES[dtype];
    const numbers = Float32Array.from({ length: out.length / DTYPE_BYTES[dtype] }, (_, i) => value(key, start + i));
    out.set(bytesOf(numbers, dtype));
    return;
  }
}

function bytesOf(numbers: Float32Array, dtype: TensorDtype): Uint8Array {
  switch (dtype) {
    case 'F32':
      return new Uint8Array(numbers.buffer);
    case 'F64':
      return new Uint8Array(Float64Array.from(numbers).buffer);
    case 'BF16':
      return new Uint8Array(Uint16Array.from(new Uint32Array(numbers.buffer), (bits) => bits >>> 16).buffer);
    case 'F16':
      return new Uint8Array(floatToHalf(numbers).buffer);
    default:
      throw new RangeError(`no ${dtype} is written`);
  }
}

/** Whole numbers that follow from a tensor's name, as tools/fixtures/make_checkpoint_layouts.py has them. */
export function namedValue(key: string): (i: number) => number {
  let seed = 0;
  for (const letter of key) seed = (seed * 31 + letter.charCodeAt(0)) % 65521;
  return (i) => ((i * 73 + seed) % 127) - 63;
}

/** Tells tensors apart, and the order of their values. */
export function checksum(values: Float32Array): number {
  return values.reduce((sum, value, i) => sum + value * (((i * 31) % 101) + 1), 0);
}
