/**
 * Weights in 4 to 6 bits for storing: each number is one of a tensor's own 16 to 64 levels, times the scale of its block. No kernel reads it: it
 * is widened while it is loaded.
 *
 * Levels are those that leave the least squared error of the tensor's numbers (Lloyd 1982, Least squares quantization in PCM), each block's
 * scale the least-squares one for the levels chosen. Laid out: codes of `bits` bits, the first lowest; levels, then scales, as halves.
 */
import { floatToHalf, halfToFloat } from '../math/half';

export type PaletteBits = 4 | 5 | 6;

export interface Palette {
  /** Ceil(numbers · bits / 8) bytes. */
  codes: Uint8Array<ArrayBuffer>;
  /** Bits of halves: 2^bits levels of −1 to 1, then a scale for each block. */
  halves: Uint16Array<ArrayBuffer>;
}

/** Numbers, in row-major order, that share a scale: 16 bits of it are an eighth of a bit a number. */
export const PALETTE_BLOCK = 128;

/** Levels are found by so many numbers at most, and so many rounds. */
const SAMPLE = 1 << 15;
const ROUNDS = 12;
/** Steps of the table that a number's code is looked up in: half of a step is 1/64 of the distance of 64 even levels. */
const STEPS = 2048;

export const paletteSizes = (count: number, bits: PaletteBits): { data: number; scales: number } => ({
  data: Math.ceil((count * bits) / 8),
  scales: 2 * (2 ** bits + Math.ceil(count / PALETTE_BLOCK)),
});

export function toPalette(values: Float32Array, bits: PaletteBits): Palette {
  const largest = blockMaxima(values);
  const levels = findLevels(values, largest, 2 ** bits);
  const rounded = halfToFloat(floatToHalf(levels));
  const code = codeTable(rounded);
  const codes = new Uint8Array(values.length);
  const scales = new Float32Array(largest.length);
  for (let block = 0; block < scales.length; block++) {
    const range = { from: block * PALETTE_BLOCK, to: Math.min(values.length, (block + 1) * PALETTE_BLOCK) };
    encode(values, codes, { ...range, code, scale: largest[block] });
    // with the best scale for them others may be nearer
    const better = bestScale(values, codes, { ...range, levels: rounded });
    encode(values, codes, { ...range, code, scale: better });
    scales[block] = bestScale(values, codes, { ...range, levels: rounded });
  }
  const halves = new Uint16Array(levels.length + scales.length);
  halves.set(floatToHalf(levels));
  halves.set(floatToHalf(scales), levels.length);
  return { codes: packCodes(codes, bits), halves };
}

/** @param count  how many numbers there are */
export function fromPalette({ codes, halves }: Palette, bits: PaletteBits, count: number): Float32Array<ArrayBuffer> {
  const numbers = halfToFloat(halves);
  const levels = numbers.subarray(0, 2 ** bits);
  const scales = numbers.subarray(2 ** bits);
  const mask = 2 ** bits - 1;
  const out = new Float32Array(count);
  let [held, have, byte] = [0, 0, 0];
  for (let at = 0; at < count; at++) {
    if (have < bits) {
      held |= codes[byte++] << have;
      have += 8;
    }
    out[at] = levels[held & mask] * scales[(at / PALETTE_BLOCK) | 0];
    held >>= bits;
    have -= bits;
  }
  return out;
}

function packCodes(codes: Uint8Array, bits: PaletteBits): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(Math.ceil((codes.length * bits) / 8));
  let [held, have, byte] = [0, 0, 0];
  for (const code of codes) {
    held |= code << have;
    have += bits;
    if (have < 8) continue;
    packed[byte++] = held & 255;
    held >>= 8;
    have -= 8;
  }
  if (have > 0) packed[byte] = held;
  return packed;
}

function blockMaxima(values: Float32Array): Float32Array {
  const maxima = new Float32Array(Math.ceil(values.length / PALETTE_BLOCK));
  for (let at = 0; at < values.length; at++) {
    const size = Math.abs(values[at]);
    const block = (at / PALETTE_BLOCK) | 0;
    if (size > maxima[block]) maxima[block] = size;
  }
  return maxima;
}

interface Range {
  from: number;
  to: number;
}

const stepOf = (x: number): number => ((x + 1) * (STEPS / 2) + 0.5) | 0;

function encode(
  values: Float32Array,
  codes: Uint8Array,
  { from, to, code, scale }: Range & { code: Uint8Array; scale: number },
): void {
  const inverse = scale === 0 ? 0 : 1 / scale;
  for (let at = from; at < to; at++) codes[at] = code[Math.min(STEPS, Math.max(0, stepOf(values[at] * inverse)))];
}

/** Σ value · level / Σ level²; 0 where all levels are. */
function bestScale(
  values: Float32Array,
  codes: Uint8Array,
  { from, to, levels }: Range & { levels: Float32Array },
): number {
  let [product, square] = [0, 0];
  for (let at = from; at < to; at++) {
    const level = levels[codes[at]];
    product += values[at] * level;
    square += level * level;
  }
  return square === 0 ? 0 : product / square;
}

/** For each step of −1 to 1 the nearest level. */
function codeTable(levels: Float32Array): Uint8Array {
  const table = new Uint8Array(STEPS + 1);
  let code = 0;
  for (let step = 0; step <= STEPS; step++) {
    const x = step / (STEPS / 2) - 1;
    while (code + 1 < levels.length && Math.abs(levels[code + 1] - x) <= Math.abs(levels[code] - x)) code++;
    table[step] = code;
  }
  return table;
}

/** Lloyd's rounds over evenly spread numbers, each over its block's largest; ascending. */
function findLevels(values: Float32Array, largest: Float32Array, count: number): Float32Array {
  const stride = Math.max(1, Math.floor(values.length / SAMPLE));
  const histogram = new Float64Array(STEPS + 1);
  // a little prime to the blocks, so that every place of a block is seen
  for (let at = 0; at < values.length; at += stride % 2 === 0 ? stride + 1 : stride) {
    const most = largest[(at / PALETTE_BLOCK) | 0];
    // larger blocks weigh more: it is their error that counts
    if (most > 0) histogram[stepOf(values[at] / most)] += most * most;
  }
  let levels = Float32Array.from({ length: count }, (_, i) => (2 * i + 1) / count - 1);
  for (let round = 0; round < ROUNDS; round++) levels = centred(histogram, levels);
  return levels;
}

/** Each level at the mean of what is nearest to it. */
function centred(histogram: Float64Array, levels: Float32Array): Float32Array<ArrayBuffer> {
  const table = codeTable(levels);
  const [weights, sums] = [new Float64Array(levels.length), new Float64Array(levels.length)];
  for (let step = 0; step <= STEPS; step++) {
    weights[table[step]] += histogram[step];
    sums[table[step]] += histogram[step] * (step / (STEPS / 2) - 1);
  }
  return Float32Array.from(levels, (level, i) => (weights[i] > 0 ? sums[i] / weights[i] : level));
}
