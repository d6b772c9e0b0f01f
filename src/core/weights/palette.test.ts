import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementCount, exprShape, tensor } from '../graph';
import { BELL_ERRORS, chooseForm, formOfBell, paletteError } from './choose-bits';
import { dequantiseChannels, quantiseChannels } from './quantise';
import { fromPalette, PALETTE_BLOCK, paletteSizes, toPalette, type PaletteBits } from './palette';
import { fromStored, toGraphBytes, toStored } from './stored-form';
import { gaussian, relativeError } from './testing/numbers';

const ALL_BITS: PaletteBits[] = [4, 5, 6];

const again = (values: Float32Array, bits: PaletteBits): Float32Array =>
  fromPalette(toPalette(values, bits), bits, values.length);

describe.each(ALL_BITS)('a palette of %i bits', (bits) => {
  it('keeps as many numbers exactly as it has levels', () => {
    const kinds = Float32Array.from({ length: 2 ** bits }, (_, i) => (i - 2 ** (bits - 1)) / 2 ** (bits - 1));
    const values = Float32Array.from({ length: PALETTE_BLOCK }, (_, i) => kinds[i % kinds.length]);
    expect(relativeError(again(values, bits), values)).toBeLessThan(2e-3); // levels and scales are halves
  });

  it('leaves of a bell what sizes are told by', () => {
    const found = paletteError(gaussian(1 << 17, 3), bits);
    expect(found / BELL_ERRORS[bits]).toBeGreaterThan(0.85);
    expect(found / BELL_ERRORS[bits]).toBeLessThan(1.15);
  });

  it('never leaves more than even levels over each block would, and takes what it says, at any length', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true, min: -100, max: 100 }), { maxLength: 700 }), (numbers) => {
        const values = Float32Array.from(numbers);
        const { codes, halves } = toPalette(values, bits);
        const sizes = paletteSizes(values.length, bits);
        expect([codes.length, 2 * halves.length]).toEqual([sizes.data, sizes.scales]);
        const kept = fromPalette({ codes, halves }, bits, values.length);
        for (let at = 0; at < values.length; at++) {
          const block = values.subarray(at - (at % PALETTE_BLOCK), at - (at % PALETTE_BLOCK) + PALETTE_BLOCK);
          const largest = block.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
          expect(Math.abs(kept[at])).toBeLessThan(2.2 * largest + 1e-6);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('levels of a tensor’s own', () => {
  it('leave less than even ones in the same blocks, the more so where most numbers are small', () => {
    const bell = gaussian(64 * 1024, 5);
    const evenly = (values: Float32Array): Float32Array =>
      values.map((value, at) => {
        const block = values.subarray(at - (at % PALETTE_BLOCK), at - (at % PALETTE_BLOCK) + PALETTE_BLOCK);
        const step = block.reduce((most, one) => Math.max(most, Math.abs(one)), 0) / 7;
        return step * Math.round(value / step);
      });
    const share = (values: Float32Array): number =>
      relativeError(again(values, 4), values) / relativeError(evenly(values), values);
    expect(share(bell)).toBeLessThan(0.9);
    expect(share(bell.map((value) => value * Math.abs(value)))).toBeLessThan(0.8);
  });

  it('are nothing of nothing', () => {
    expect(again(new Float32Array(300), 5)).toEqual(new Float32Array(300));
  });
});

describe('chooseForm', () => {
  const matrix = (count: number) => [count / 100, 100];
  const kernel = [128, 64, 3, 3];

  it('gives small tensors more bits than large ones, those that are seen more than others, and all at most half precision', () => {
    const forms = [3_000, 100_000, 1_000_000, 30_000_000].map((count) =>
      formOfBell({ shape: matrix(count), sensitivity: 1, price: 4.4e-9 }),
    );
    expect(forms).toEqual(['float16', 'palette6', 'palette5', 'palette4']);
    const seen = [0.001, 0.02, 0.1, 1, 100].map((sensitivity) =>
      formOfBell({ shape: kernel, sensitivity, price: 1e-9 }),
    );
    expect(seen).toEqual(['palette4', 'palette5', 'palette6', 'int8_channel', 'float16']);
  });

  it('goes by what rounding leaves: two numbers take 4 bits where a bell takes 6', () => {
    const wanted = { shape: [1000, 100], sensitivity: 1, price: 4.4e-9 };
    const twofold = gaussian(100_000, 7).map((value) => Math.sign(value));
    expect(chooseForm(gaussian(100_000, 8), wanted)).toBe('palette6');
    expect(chooseForm(twofold, wanted)).toBe('palette4');
  });

  it('takes a scale a channel only where channels are alike inside', () => {
    const wanted = { shape: kernel, sensitivity: 1, price: 1e-9 };
    const values = gaussian(elementCount(kernel), 9);
    expect(chooseForm(values, wanted)).toBe('int8_channel');
    const spiked = values.map((value, at) => (at % 576 === 5 ? 400 * value : value));
    expect(chooseForm(spiked, wanted)).not.toBe('int8_channel');
  });

  it('leaves of a bell in 8 bits what sizes are told by', () => {
    const values = gaussian(64 * 5760, 11);
    const kept = dequantiseChannels(quantiseChannels(values, 64));
    const found = relativeError(kept, values) ** 2;
    expect(found / BELL_ERRORS[8]).toBeGreaterThan(0.6);
    expect(found / BELL_ERRORS[8]).toBeLessThan(1.6);
  });
});

describe('a stored palette', () => {
  const matrix = tensor('m', 4, 64);
  const shape = exprShape(matrix);
  const values = gaussian(elementCount(shape), 9);
  const stored = toStored(values, { form: 'palette6', shape, where: 'm' });

  it('is read as values by one graph, and in 8 bits by another', () => {
    const wide = toGraphBytes(stored, {
      form: 'palette6',
      weight: { value: { name: 'm', dims: shape, type: 'float32' }, expr: matrix, part: 'values' },
      where: 'm',
    });
    const kept = new Float32Array(wide.buffer);
    expect(relativeError(kept, values)).toBeLessThan(0.04);
    const part = (of: 'quants' | 'scales') =>
      toGraphBytes(stored, {
        form: 'palette6',
        weight: { value: { name: 'm', dims: shape, type: 'float16' }, expr: matrix, part: { of, form: 'nbits8' } },
        where: 'm',
      });
    const packed = fromStored({ data: part('quants'), scales: part('scales') }, 'nbits8');
    expect(relativeError(packed, kept)).toBeLessThan(0.006);
  });

  it('needs to be told how many numbers it stands for', () => {
    expect(() => fromStored(stored, 'palette6')).toThrow('must be said');
  });
});
