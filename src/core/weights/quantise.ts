/** Rounds weights to 8 and 4 bits, symmetrically: no zero points. @see packs/pack.ts for the layouts */
import { NBITS_BLOCK, nbitsOf, packedShapes, type NbitsForm } from '../graph';
import { floatToHalf, halfToFloat } from '../math/half';

export interface QuantisedMatrix {
  /** [out, in / 32, 32 · bits / 8], low nibble first. */
  quants: Uint8Array<ArrayBuffer>;
  /** Halves: [out, in / 32]. */
  scales: Uint16Array<ArrayBuffer>;
}

/**
 * A matrix [out, in] as MatMulNBits reads it.
 *
 * The number of largest size in a block becomes −2^(bits − 1) exactly, so that all levels are used: with 4 bits that leaves
 * 8.2 % error on the first starter's U-Net where a scale of size / 7 leaves 9.2 % (searching 17 scales a block: 7.7 %, at 15 times
 * the cost). The scale is rounded to half before it is divided by, so that its own rounding does no harm.
 *
 * @param shape  [out, in], `in` a multiple of 32
 * @see ggml quants, quantize_row_q4_0_ref: the same choice of scale
 */
export function quantiseMatrix(values: Float32Array, shape: readonly number[], form: NbitsForm): QuantisedMatrix {
  const levels = 2 ** nbitsOf(form);
  const middle = levels / 2;
  const scales = floatToHalf(blockScales(values, middle));
  const rounded = halfToFloat(scales);
  const { quants: dims } = packedShapes(shape, form);
  const quants = new Uint8Array(dims[0] * dims[1] * dims[2]);
  const write = form === 'nbits8' ? writeBytes : writeNibbles;
  for (let block = 0; block < rounded.length; block++) {
    const inverse = rounded[block] === 0 ? 0 : 1 / rounded[block];
    write(quants, values, { block, inverse, middle });
  }
  return { quants, scales };
}

const SIGN = 0x80000000;
const SIZE = 0x7fffffff;
const INFINITY = 0x7f800000;

/**
 * For each block: its value of largest size over −middle. Sizes are compared as their bits, without a branch that the processor
 * would guess wrongly: twice as fast.
 */
function blockScales(values: Float32Array, middle: number): Float32Array {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const scales = new Float32Array(values.length / NBITS_BLOCK);
  const found = new Int32Array(scales.buffer);
  for (let block = 0; block < scales.length; block++) {
    let low = 0;
    let high = 0;
    for (let i = block * NBITS_BLOCK, end = i + NBITS_BLOCK; i < end; i++) {
      const isBelow = bits[i] >> 31; // all bits, or none
      const size = bits[i] & SIZE;
      const above = high - (size & ~isBelow);
      const below = low - (size & isBelow);
      high = (high - (above & (above >> 31))) | 0;
      low = (low - (below & (below >> 31))) | 0;
    }
    if (high > INFINITY || low > INFINITY) scales[block] = largest(values, block);
    else if (high > low || low === 0) found[block] = high;
    else found[block] = low | SIGN;
  }
  for (let block = 0; block < scales.length; block++) scales[block] /= -middle;
  return scales;
}

/** What is no number counts for nothing. */
function largest(values: Float32Array, block: number): number {
  let low = 0;
  let high = 0;
  for (const value of values.subarray(block * NBITS_BLOCK, (block + 1) * NBITS_BLOCK)) {
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  return high > -low ? high : low;
}

interface BlockJob {
  block: number;
  /** 1 / scale; 0 for a block of zeros. */
  inverse: number;
  middle: number;
}

function writeBytes(quants: Uint8Array, values: Float32Array, { block, inverse, middle }: BlockJob): void {
  const top = 2 * middle - 1;
  for (let i = block * NBITS_BLOCK, end = i + NBITS_BLOCK; i < end; i++)
    quants[i] = level(values[i] * inverse + middle, top);
}

function writeNibbles(quants: Uint8Array, values: Float32Array, { block, inverse, middle }: BlockJob): void {
  const top = 2 * middle - 1;
  for (let i = block * NBITS_BLOCK, end = i + NBITS_BLOCK; i < end; i += 2)
    quants[i >> 1] = level(values[i] * inverse + middle, top) | (level(values[i + 1] * inverse + middle, top) << 4);
}

/** The nearest whole number from 0 to `top`. */
function level(x: number, top: number): number {
  const nearest = (x + 0.5) | 0;
  return nearest < 0 ? 0 : nearest > top ? top : nearest;
}

/** The matrix that MatMulNBits computes with. */
export function dequantiseMatrix(
  { quants, scales }: { quants: Uint8Array; scales: Float32Array },
  form: NbitsForm,
): Float32Array<ArrayBuffer> {
  const bits = nbitsOf(form);
  const middle = 2 ** (bits - 1);
  const values = new Float32Array(scales.length * NBITS_BLOCK);
  for (let block = 0; block < scales.length; block++) {
    const scale = scales[block];
    for (let i = block * NBITS_BLOCK, end = i + NBITS_BLOCK; i < end; i++) {
      const quant = bits === 8 ? quants[i] : (quants[i >> 1] >> (4 * (i & 1))) & 15;
      values[i] = (quant - middle) * scale;
    }
  }
  return values;
}

export interface QuantisedChannels {
  quants: Int8Array<ArrayBuffer>;
  /** One for each index of the first axis. */
  scales: Float32Array<ArrayBuffer>;
}

/** Kernels [out, in, k, k] and tables [rows, width] with one scale an output channel or row. */
export function quantiseChannels(values: Float32Array, channels: number): QuantisedChannels {
  const size = values.length / channels;
  const quants = new Int8Array(values.length);
  const scales = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const start = channel * size;
    let largest = 0;
    for (let i = start; i < start + size; i++) largest = Math.max(largest, Math.abs(values[i]));
    scales[channel] = largest / 127;
    const inverse = largest === 0 ? 0 : 127 / largest;
    for (let i = start; i < start + size; i++) quants[i] = level(values[i] * inverse + 127, 254) - 127;
  }
  return { quants, scales };
}

export function dequantiseChannels({ quants, scales }: QuantisedChannels): Float32Array<ArrayBuffer> {
  const size = quants.length / scales.length;
  const values = new Float32Array(quants.length);
  for (let channel = 0; channel < scales.length; channel++) {
    const scale = scales[channel];
    for (let i = channel * size, end = i + size; i < end; i++) values[i] = quants[i] * scale;
  }
  return values;
}
