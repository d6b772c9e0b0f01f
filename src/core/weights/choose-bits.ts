/** In how many bits a tensor is stored, by what rounding it really leaves. */
import type { StoredForm } from '../graph/graph-form';
import { fromPalette, PALETTE_BLOCK, toPalette, type PaletteBits } from './palette';

const BITS: readonly PaletteBits[] = [4, 5, 6];

/** Whole blocks of a tensor, evenly spread, of at most so many numbers are rounded to see what is left. */
const SAMPLE = 1 << 16;

/**
 * What a bit more for every number may cost: the tensor takes the form with the least error² + PRICE · bits, the error being relative (L2) and
 * weighed, bits those of all its numbers. Nothing else says which tensors get more: small ones and those that round badly do. Set so that an
 * SD 1.5 comes to less than 0.7 GB and an SDXL to less than 1.9 GB.
 */
const PRICE = 4.4e-9;

/**
 * Kernels of convolutions leave more of their error in the output than matrices: on the starter in 4 bits 33 % against 1 to 4 % (`node
 * tools/quantisation.mjs`), since the sum of a residual goes through them; as squares that is 70 times and more. This number was set by the sizes that it led to, not by a search over errors.
 */
const KERNEL_WEIGHT = 16;

/** @param shape  of the tensor: kernels have four axes @returns the form, exact in half precision where that is worth it */
export function chooseForm(values: Float32Array<ArrayBuffer>, shape: readonly number[], price = PRICE): StoredForm {
  const some = sampleOf(values);
  return cheapest(values.length, { isKernel: shape.length === 4, errorOf: (bits) => paletteError(some, bits), price });
}

/** What rounding random numbers of a bell's shape leaves: relative squared errors, held by a test. */
export const BELL_ERRORS: Readonly<Record<PaletteBits, number>> = { 4: 0.0094, 5: 0.0025, 6: 0.00066 };

/** For so many random numbers of a bell's shape: to tell sizes from shapes alone. */
export const formOfBell = (count: number, isKernel: boolean): StoredForm =>
  cheapest(count, { isKernel, errorOf: (bits) => BELL_ERRORS[bits] });

function cheapest(
  count: number,
  { isKernel, errorOf, price = PRICE }: { isKernel: boolean; errorOf: (bits: PaletteBits) => number; price?: number },
): StoredForm {
  const weight = isKernel ? KERNEL_WEIGHT : 1;
  let best: { form: StoredForm; cost: number } = { form: 'float16', cost: price * 16 * count };
  for (const bits of BITS) {
    const cost = weight * errorOf(bits) + price * bits * count;
    if (cost < best.cost) best = { form: `palette${bits}`, cost };
  }
  return best.form;
}

/** Relative squared error. */
export function paletteError(values: Float32Array, bits: PaletteBits): number {
  const rounded = fromPalette(toPalette(values, bits), bits, values.length);
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
