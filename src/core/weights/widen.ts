/** Quantised weights straight to halves: to the bit what the way over float32 gives, many times sooner. */
import { NBITS_BLOCK, type NbitsForm } from '../graph';
import { floatToHalf, halfToFloat } from '../math/half';
import { dequantiseMatrix } from './quantise';

const SIGN = 0x8000;
const INFINITY = 0x7c00;
const LEAST_NORMAL = 0x0400;

/** In a matrix's bytes, and in nibbles, what means 0. */
const MIDDLE = 128;
const NIBBLE_MIDDLE = 8;

/**
 * At `mantissa << 8 | quant`: bits of the product of (1 + mantissa / 1024) · 2^-14 and (quant - 128). A scale of another exponent
 * only adds it to the product's, one below 0 turns its sign; nothing of that holds where the quant means 0. Built on first use, 512 kB.
 */
let products: Uint16Array | undefined;

function productTable(): Uint16Array {
  if (products) return products;
  const values = Float32Array.from(
    { length: 1024 << 8 },
    // Times 2^14, so that no product is subnormal: the exponent's field is 15 in place of 1.
    (_, at) => (1 + (at >> 8) / 1024) * ((at & 255) - MIDDLE),
  );
  products = floatToHalf(values).map((bits) => bits - 14 * LEAST_NORMAL);
  return products;
}

/**
 * A matrix as MatMulNBits keeps it, times its scales, rounded to the nearest half, ties to even. What is beyond half precision is
 * infinity, as `floatToHalf` has it.
 *
 * @param matrix  `quants` as packs keep them, `scales`: bits of halves, one a block
 */
export function widenMatrix(
  { quants, scales }: { quants: Uint8Array; scales: Uint16Array },
  form: NbitsForm,
): Uint16Array<ArrayBuffer> {
  const table = productTable();
  const out = new Uint16Array(scales.length * NBITS_BLOCK);
  const largest = form === 'nbits8' ? 0 : MIDDLE - NIBBLE_MIDDLE;
  const widen = form === 'nbits8' ? widenBytes : widenNibbles;
  for (let block = 0; block < scales.length; block++) {
    const exponent = (scales[block] & INFINITY) - LEAST_NORMAL;
    const product = table[rowOf(scales[block]) | largest] & ~SIGN;
    if (exponent >= 0 && exponent + product < INFINITY) widen(out, { quants, scales, table }, block);
    else widenSlowly(out, { quants, scale: scales[block], block, form });
  }
  return out;
}

interface Tabled {
  quants: Uint8Array;
  scales: Uint16Array;
  table: Uint16Array;
}

const rowOf = (scale: number): number => (scale & 0x3ff) << 8;

// What is added to a product's bits: the scale's exponent and its sign. Sums beyond 16 bits lose what is above: two signs are none.

function widenBytes(out: Uint16Array, { quants, scales, table }: Tabled, block: number): void {
  const scale = scales[block];
  const row = rowOf(scale);
  const more = (scale & (SIGN | INFINITY)) - LEAST_NORMAL;
  const sign = scale & SIGN;
  for (let at = block * NBITS_BLOCK, end = at + NBITS_BLOCK; at < end; at++) {
    const quant = quants[at];
    const product = table[row | quant] + more;
    out[at] = quant === MIDDLE ? sign : product;
  }
}

function widenNibbles(out: Uint16Array, { quants, scales, table }: Tabled, block: number): void {
  const scale = scales[block];
  const row = rowOf(scale) + MIDDLE - NIBBLE_MIDDLE;
  const more = (scale & (SIGN | INFINITY)) - LEAST_NORMAL;
  const sign = scale & SIGN;
  for (let at = block * NBITS_BLOCK, end = at + NBITS_BLOCK; at < end; at += 2) {
    const pair = quants[at >> 1];
    const low = pair & 15;
    const high = pair >> 4;
    const lowProduct = table[row + low] + more;
    const highProduct = table[row + high] + more;
    out[at] = low === NIBBLE_MIDDLE ? sign : lowProduct;
    out[at + 1] = high === NIBBLE_MIDDLE ? sign : highProduct;
  }
}

interface SlowBlock {
  quants: Uint8Array;
  scale: number;
  block: number;
  form: NbitsForm;
}

/** Scales that are 0, subnormal or so large that a product may be beyond half precision. */
function widenSlowly(out: Uint16Array, { quants, scale, block, form }: SlowBlock): void {
  const size = form === 'nbits8' ? NBITS_BLOCK : NBITS_BLOCK / 2;
  const own = { quants: quants.subarray(block * size, (block + 1) * size), scales: halfToFloat(Uint16Array.of(scale)) };
  out.set(floatToHalf(dequantiseMatrix(own, form)), block * NBITS_BLOCK);
}

/**
 * Kernels and tables with one scale for each index of the first axis, as `widenMatrix`.
 *
 * @param channels  `scales`: float32, one a channel
 */
export function widenChannels({
  quants,
  scales,
}: {
  quants: Int8Array;
  scales: Float32Array;
}): Uint16Array<ArrayBuffer> {
  const size = quants.length / scales.length;
  const out = new Uint16Array(quants.length);
  const levels = Float32Array.from({ length: 256 }, (_, level) => level - 128);
  for (let channel = 0; channel < scales.length; channel++) {
    const halves = floatToHalf(levels.map((level) => level * scales[channel]));
    for (let at = channel * size, end = at + size; at < end; at++) out[at] = halves[quants[at] + 128];
  }
  return out;
}
