import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Checkpoint } from '../checkpoints';
import { AppError } from '../errors';
import { GraphBuilder, linear, tensor, weightKey, type NbitsForm } from '../graph';
import { bytesSource } from '../formats';
import { floatSafetensors } from '../formats/testing/safetensors-bytes';
import type { StoredForm } from '../graph';
import { fromStored, toStored } from '.';
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
