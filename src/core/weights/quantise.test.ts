import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Checkpoint } from '../checkpoints';
import { AppError } from '../errors';
import { GraphBuilder, linear, tensor, weightKey, type NbitsForm } from '../graph';
import { bytesSource } from '../formats';
import { floatSafetensors } from '../formats/testing/safetensors-bytes';
import type { StoredForm } from '../graph';
import { fromStored, toStored } from '.';
import { floatToHalf, halfToFloat } from '../math/half';
import { quantiseMatrix } from './quantise';
import { fillGraph } from './testing/fill-graph';
import { gaussian, relativeError } from './testing/numbers';

const [ROWS, COLUMNS] = [48, 96];
const matrix = gaussian(ROWS * COLUMNS, 1);
const keep = (values: Float32Array<ArrayBuffer>, form: StoredForm, shape: number[] = [ROWS, COLUMNS]) =>
  fromStored(toStored(values, { form, shape, where: 'w' }), form);

describe('toStored', () => {
  // For Gaussian values: step / √12 with step = (largest of 32) / 2^(bits − 1); of a channel's 96, / 127.
  it.each<[StoredForm, number, number]>([
    ['float32', 0, 0],
    ['float16', 1e-4, 3e-4],
    ['nbits8', 3e-3, 6e-3],
    ['int8_channel', 4e-3, 8e-3],
    ['nbits4', 0.07, 0.1],
  ])('keeps Gaussian values as %s with an error from %f to %f', (form, low, high) => {
    const error = relativeError(keep(matrix, form), matrix);
    expect(error).toBeGreaterThanOrEqual(low);
    expect(error).toBeLessThanOrEqual(high);
  });

  it.each<StoredForm>(['float32', 'float16', 'nbits8', 'nbits4', 'int8_channel'])(
    'keeps zeros and what is largest as %s',
    (form) => {
      const values = new Float32Array(64);
      values[40] = -0.5;
      expect(relativeError(keep(values, form, [2, 32]), values)).toBe(0);
      values[40] = 0.5;
      expect(relativeError(keep(values, form, [2, 32]), values)).toBe(0);
    },
  );

  it('refuses what half precision cannot hold', () => {
    expect(() => keep(Float32Array.of(1, 65600), 'float16', [2])).toThrow(AppError);
    expect(() => keep(Float32Array.of(1, 65600), 'float16', [2])).toThrow(
      /w holds 65600; half precision ends at 65504/,
    );
  });

  it.each<NbitsForm>(['nbits8', 'nbits4'])('refuses a matrix whose scales half precision cannot hold: %s', (form) => {
    const values = new Float32Array(64);
    values[40] = 1e7;
    expect(() => keep(values, form, [2, 32])).toThrow(/w holds 10000000; half precision ends at 65504/);
  });
});

describe('quantiseMatrix', () => {
  /** As it is written down: the value of largest size over −middle, halves of a step upwards; what is no number counts for nothing. */
  function plainly(values: Float32Array, form: NbitsForm) {
    const middle = form === 'nbits8' ? 128 : 8;
    const scales = Uint16Array.from({ length: values.length / 32 }, (_, block) => {
      const its = [...values.subarray(32 * block, 32 * block + 32)].filter((value) => !Number.isNaN(value));
      const [low, high] = [Math.min(0, ...its.filter((value) => value < 0)), Math.max(0, ...its)];
      return floatToHalf(Float32Array.of((high > -low ? high : low) / -middle))[0];
    });
    const levels = [...values].map((value, i) => {
      const scale = halfToFloat(scales.subarray(i >> 5, (i >> 5) + 1))[0];
      const nearest = Math.trunc(value * (scale === 0 ? 0 : 1 / scale) + middle + 0.5);
      return Math.max(0, Math.min(2 * middle - 1, Number.isNaN(nearest) ? 0 : nearest));
    });
    const nibble = (_: unknown, i: number): number => levels[2 * i] | (levels[2 * i + 1] << 4);
    return {
      quants: form === 'nbits8' ? levels : Array.from({ length: levels.length / 2 }, nibble),
      scales: [...scales],
    };
  }

  it.each<NbitsForm>(['nbits8', 'nbits4'])('keeps the bytes of its formula, whatever the numbers are: %s', (form) => {
    const edges = [0, -0, 1e-45, -1e-45, 1, -1, 0.5, -0.5, 3e-8, -3e-8, 60000, -60000, NaN];
    const blocks = [gaussian(4096, 3), new Float32Array(32), new Float32Array(32).fill(-0)];
    for (const a of edges)
      for (const b of edges) blocks.push(Float32Array.from({ length: 32 }, (_, i) => (i === 5 ? a : i === 20 ? b : 0)));
    for (const by of [1e-7, 1e-3, 1e4]) blocks.push(gaussian(320, 4).map((value) => value * by));
    const values = Float32Array.from(blocks.flatMap((block) => [...block]));
    const { quants, scales } = quantiseMatrix(values, [values.length / 32, 32], form);
    const expected = plainly(values, form);
    expect([...scales]).toEqual(expected.scales);
    expect([...quants]).toEqual(expected.quants);
  });
});

describe('linear over a packed matrix', () => {
  it.each<NbitsForm>(['nbits8', 'nbits4'])(
    'computes in ONNX Runtime what the unpacked matrix gives: %s',
    async (form) => {
      const w = tensor('w', ROWS, COLUMNS);
      const g = new GraphBuilder('packed', {
        target: 'portable',
        activations: 'float32',
        storedForm: (key) => (key === weightKey(w) ? form : undefined),
      });
      g.output('y', linear(g, g.input('x', 'float32', ['batch', COLUMNS]), w, tensor('b', ROWS)));
      const bias = gaussian(ROWS, 2);
      const file = floatSafetensors({
        w: { shape: [ROWS, COLUMNS], values: [...matrix] },
        b: { shape: [ROWS], values: [...bias] },
      });
      const { onnx, files } = await fillGraph(g.build(), await Checkpoint.open([bytesSource('w', file)]));
      const session = await ort.InferenceSession.create(onnx, {
        externalData: files.map(({ location, bytes }) => ({ path: location, data: bytes })),
      });
      const x = gaussian(5 * COLUMNS, 3);
      const { y } = await session.run({ x: new ort.Tensor('float32', x, [5, COLUMNS]) });
      await session.release();
      const kept = keep(matrix, form);
      const expected = Float32Array.from({ length: 5 * ROWS }, (_, i) => {
        const [row, out] = [Math.floor(i / ROWS), i % ROWS];
        let sum = bias[out];
        for (let k = 0; k < COLUMNS; k++) sum += x[row * COLUMNS + k] * kept[out * COLUMNS + k];
        return sum;
      });
      // accuracy_level 4 rounds x to 8 bits
      expect(relativeError(y.data as Float32Array, expected)).toBeLessThan(8e-3);
    },
  );
});
