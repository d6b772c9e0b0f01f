/** A weight's values as the bytes a pack stores, and those as the bytes a graph wants. */
import { AppError } from '../errors';
import {
  elementCount,
  exprShape,
  isPalette,
  NBITS_BLOCK,
  type PackedForm,
  type PaletteForm,
  type Weight,
} from '../graph';
import { floatToHalf, halfToFloat } from '../math/half';
import type { StoredForm } from '../graph/graph-form';
import { dequantiseChannels, dequantiseMatrix, quantiseChannels, quantiseMatrix } from './quantise';
import { fromPalette, toPalette, type PaletteBits } from './palette';
import { widenChannels, widenMatrix } from './widen';

export interface StoredBytes {
  data: Uint8Array<ArrayBuffer>;
  scales?: Uint8Array<ArrayBuffer>;
}

type Numbers = Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Int8Array<ArrayBuffer>;

const bytesOf = (array: Numbers): Uint8Array<ArrayBuffer> =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/**
 * @param where  file and weight, for the message
 * @throws AppError 'bad-file' when a value is larger than half precision holds
 */
export function toStored(
  values: Float32Array<ArrayBuffer>,
  { form, shape, where }: { form: StoredForm; shape: readonly number[]; where: string },
): StoredBytes {
  switch (form) {
    case 'float32':
      return { data: bytesOf(values) };
    case 'float16':
      return { data: bytesOf(toHalf(values, where)) };
    case 'int8_channel': {
      const { quants, scales } = quantiseChannels(values, shape[0]);
      return { data: bytesOf(quants), scales: bytesOf(scales) };
    }
    case 'palette4':
    case 'palette5':
    case 'palette6': {
      const { codes, halves } = toPalette(values, paletteBits(form));
      if (halves.some(isEndless)) throw tooLarge(values, where);
      return { data: codes, scales: bytesOf(halves) };
    }
    case 'nbits8':
    case 'nbits4': {
      const { quants, scales } = quantiseMatrix(values, shape, form);
      const block = scales.findIndex(isEndless);
      if (block >= 0) throw tooLarge(values.subarray(block * NBITS_BLOCK, (block + 1) * NBITS_BLOCK), where);
      return { data: quants, scales: bytesOf(scales) };
    }
  }
}

const paletteBits = (form: PaletteForm): PaletteBits => Number(form.at(-1)) as PaletteBits;

/**
 * @param count  how many numbers there are: needed where they are 4 to 6 bits, whose bytes do not tell
 * @returns the values that `toStored` has kept
 */
export function fromStored(stored: StoredBytes, form: StoredForm, count?: number): Float32Array<ArrayBuffer> {
  switch (form) {
    case 'float32':
      return new Float32Array(aligned(stored.data, 4));
    case 'float16':
      return halfToFloat(new Uint16Array(aligned(stored.data, 2)));
    case 'int8_channel': {
      const quants = new Int8Array(stored.data.buffer, stored.data.byteOffset, stored.data.length);
      return dequantiseChannels({ quants, scales: new Float32Array(aligned(scalesOf(stored), 4)) });
    }
    case 'palette4':
    case 'palette5':
    case 'palette6': {
      if (count === undefined) throw new RangeError('how many numbers a palette stands for must be said');
      const halves = new Uint16Array(aligned(scalesOf(stored), 2));
      return fromPalette({ codes: stored.data, halves }, paletteBits(form), count);
    }
    case 'nbits8':
    case 'nbits4': {
      const scales = halfToFloat(new Uint16Array(aligned(scalesOf(stored), 2)));
      return dequantiseMatrix({ quants: stored.data, scales }, form);
    }
  }
}

/**
 * What a graph reads of a stored weight, in the type it computes in. The parts of a packed matrix stay packed.
 *
 * @throws AppError 'bad-file' when a value is larger than half precision holds
 */
export function toGraphBytes(
  stored: StoredBytes,
  { form, weight, where }: { form: StoredForm; weight: Weight; where: string },
): Uint8Array<ArrayBuffer> {
  const isHalf = weight.value.type === 'float16';
  const count = elementCount(exprShape(weight.expr));
  if (weight.part !== 'values' && isPalette(form)) {
    const repacked = repack(stored, { form, to: weight.part.form, shape: exprShape(weight.expr), where });
    return toGraphBytes(repacked, { form: weight.part.form, weight, where });
  }
  if (weight.part !== 'values') {
    if (weight.part.of === 'quants') return stored.data;
    const scales = scalesOf(stored);
    if (form === 'int8_channel') return isHalf ? bytesOf(floatToHalf(new Float32Array(aligned(scales, 4)))) : scales;
    return isHalf ? scales : bytesOf(halfToFloat(new Uint16Array(aligned(scales, 2))));
  }
  if (form === 'float16' && isHalf) return stored.data;
  if (!isHalf) return bytesOf(fromStored(stored, form, count));
  const halves = widened(stored, form, count);
  if (holdsEndless(halves)) throw tooLarge(fromStored(stored, form, count), where);
  return bytesOf(halves);
}

/** A matrix of 4 to 6 bits as MatMulNBits reads it, or a kernel with a scale a channel. It takes its time: who asks for both parts keeps the other. */
export function repack(
  stored: StoredBytes,
  { form, to, shape, where }: { form: PaletteForm; to: PackedForm; shape: readonly number[]; where: string },
): StoredBytes {
  return toStored(fromStored(stored, form, elementCount(shape)), { form: to, shape, where });
}

/** Rounded to the nearest half; beyond half precision infinity. */
function widened(stored: StoredBytes, form: StoredForm, count: number): Uint16Array<ArrayBuffer> {
  switch (form) {
    case 'nbits8':
    case 'nbits4': {
      const scales = new Uint16Array(aligned(scalesOf(stored), 2));
      return widenMatrix({ quants: stored.data, scales }, form);
    }
    case 'int8_channel': {
      const quants = new Int8Array(stored.data.buffer, stored.data.byteOffset, stored.data.length);
      return widenChannels({ quants, scales: new Float32Array(aligned(scalesOf(stored), 4)) });
    }
    default:
      return floatToHalf(fromStored(stored, form, count));
  }
}

function scalesOf({ scales }: StoredBytes): Uint8Array<ArrayBuffer> {
  if (scales) return scales;
  throw new AppError('internal', 'a quantised weight without scales');
}

/** The bytes in a buffer of their own, where a view of wider numbers could not begin at their offset. */
function aligned(bytes: Uint8Array<ArrayBuffer>, size: number): ArrayBuffer {
  const isWhole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return isWhole && bytes.length % size === 0 ? bytes.buffer : bytes.slice().buffer;
}

/** Bits of infinity, sign aside. */
const HALF_INFINITY = 0x7c00;

const isEndless = (half: number): boolean => (half & HALF_INFINITY) === HALF_INFINITY;

/** A callback for each of a hundred million numbers would take longer than to round them. */
function holdsEndless(halves: Uint16Array): boolean {
  for (let at = 0; at < halves.length; at++) if ((halves[at] & HALF_INFINITY) === HALF_INFINITY) return true;
  return false;
}

function toHalf(values: Float32Array, where: string): Uint16Array<ArrayBuffer> {
  const halves = floatToHalf(values);
  if (holdsEndless(halves)) throw tooLarge(values, where);
  return halves;
}

const tooLarge = (values: Float32Array, where: string): AppError =>
  new AppError(
    'bad-file',
    `${where} holds ${values.find((value) => !(Math.abs(value) < 65520))}; half precision ends at 65504: import the model in float32`,
  );
