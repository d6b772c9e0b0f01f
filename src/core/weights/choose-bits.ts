/** In how many bits a tensor is stored: by its measured rounding error, and by how much such an error shows in pictures. */
import { elementCount, type StoredForm } from '../graph';
import { dequantiseChannels, quantiseChannels } from './quantise';
import { fromPalette, PALETTE_BLOCK, toPalette, type PaletteBits } from './palette';

const BITS: readonly PaletteBits[] = [4, 5, 6];

/** The error is measured on evenly spread blocks of at most so many numbers. */
const SAMPLE = 1 << 16;

/**
 * What a bit more for every number may cost: the tensor takes the form with the least sensitivity · error² + PRICE · bits, the error being
 * relative (L2), bits those of all its numbers. So more bits go to small tensors, to those that round badly, and to those whose errors show. Set so that an
 * SD 1.5 comes to less than 0.7 GB and an SDXL to less than 1.9 GB.
 */
const PRICE = 4.4e-11;

export interface BitsWanted {
  /** Kernels of convolutions have four axes; they may take 8 bits with a scale a channel, as graphs can hold them. */
  shape: readonly number[];
  /** @see packs/sensitivity.ts */
  sensitivity: number;
  /** In place of PRICE. */
  price?: number | undefined;
}

/** @returns the form, exact in half precision where that is worth it */
export function chooseForm(values: Float32Array<ArrayBuffer>, wanted: BitsWanted): StoredForm {
  const some = sampleOf(values);
  return cheapest(wanted, {
    palette: (bits) => paletteError(some, bits),
    channels: () => channelError(values, wanted.shape[0]),
  });
}

/** Relative squared errors of rounding normally distributed numbers; a test checks them. */
export const BELL_ERRORS: Readonly<Record<PaletteBits | 8, number>> = { 4: 0.0094, 5: 0.0025, 6: 0.00066, 8: 0.00006 };

/** For normally distributed numbers: estimates sizes from shapes alone. */
export const formOfBell = (wanted: BitsWanted): StoredForm =>
  cheapest(wanted, { palette: (bits) => BELL_ERRORS[bits], channels: () => BELL_ERRORS[8] });

interface Errors {
  palette(bits: PaletteBits): number;
  /** In 8 bits, with a scale a channel. */
  channels(): number;
}

function cheapest({ shape, sensitivity, price = PRICE }: BitsWanted, errors: Errors): StoredForm {
  const bit = price * elementCount(shape);
  const costs: [StoredForm, number][] = [['float16', bit * 16]];
  for (const bits of BITS) costs.push([`palette${bits}`, sensitivity * errors.palette(bits) + bit * bits]);
  if (shape.length === 4) costs.push(['int8_channel', sensitivity * errors.channels() + bit * 8]);
  return costs.reduce((best, one) => (one[1] < best[1] ? one : best))[0];
}

/** Relative squared error. */
export function paletteError(values: Float32Array, bits: PaletteBits): number {
  return squaredError(fromPalette(toPalette(values, bits), bits, values.length), values);
}

/** Some channels, evenly spread, in 8 bits. */
function channelError(values: Float32Array<ArrayBuffer>, channels: number): number {
  const size = values.length / channels;
  const count = Math.min(channels, Math.max(1, Math.floor(SAMPLE / size)));
  const some = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * channels) / count) * size;
    some.set(values.subarray(from, from + size), i * size);
  }
  return squaredError(dequantiseChannels(quantiseChannels(some, count)), some);
}

/** Relative. */
function squaredError(rounded: Float32Array, values: Float32Array): number {
  let [error, whole] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    error += (values[at] - rounded[at]) ** 2;
    whole += values[at] ** 2;
  }
  return whole === 0 ? 0 : error / whole;
}

function sampleOf(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  if (values.length <= SAMPLE) return values;
  const blocks = SAMPLE / PALETTE_BLOCK;
  const stride = Math.floor(values.length / PALETTE_BLOCK / blocks) * PALETTE_BLOCK;
  const some = new Float32Array(SAMPLE);
  for (let block = 0; block < blocks; block++)
    some.set(values.subarray(block * stride, block * stride + PALETTE_BLOCK), block * PALETTE_BLOCK);
  return some;
}
