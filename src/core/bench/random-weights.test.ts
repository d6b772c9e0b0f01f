import { describe, expect, it } from 'vitest';
import { elementCount, tensor, transpose, type NbitsForm, type Weight } from '../graph';
import { halfToFloat } from '../math/half';
import { dequantiseMatrix } from '../weights';
import { createRandomWeights } from './random-weights';

const SHAPE = [640, 320];

const weight = (type: Weight['value']['type'], dims: readonly number[], part: Weight['part']): Weight => ({
  value: { name: 'w', type, dims },
  expr: transpose(tensor('blocks.0.to_q.weight', ...SHAPE)),
  part,
});

function statistics(values: ArrayLike<number>): { mean: number; deviation: number } {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return { mean, deviation: Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length) };
}

/** Neither grows nor shrinks what it gets: of 320 inputs. */
const EXPECTED = 0.7 / Math.sqrt(320);

describe('createRandomWeights', () => {
  it.each(['float32', 'float16'] as const)('gives a matrix in %s the deviation that its inputs ask for', (type) => {
    const bytes = createRandomWeights()(weight(type, [320, 640], 'values'));
    const values = type === 'float32' ? new Float32Array(bytes.buffer) : halfToFloat(new Uint16Array(bytes.buffer));
    expect(values).toHaveLength(elementCount(SHAPE));
    const { mean, deviation } = statistics(values);
    expect(Math.abs(mean)).toBeLessThan(EXPECTED / 50);
    expect(deviation / EXPECTED).toBeCloseTo(1, 1);
  });

  it.each<[NbitsForm, number]>([
    ['nbits8', 32],
    ['nbits4', 16],
  ])('gives a matrix in %s the same deviation once it is widened', (form, blockBytes) => {
    const read = createRandomWeights();
    const quants = read(weight('uint8', [640, 10, blockBytes], { of: 'quants', form }));
    const scales = new Float32Array(read(weight('float32', [6400], { of: 'scales', form })).buffer);
    const { mean, deviation } = statistics(dequantiseMatrix({ quants, scales }, form));
    expect(Math.abs(mean)).toBeLessThan(EXPECTED / 50);
    expect(deviation / EXPECTED).toBeCloseTo(1, 1);
  });

  it('puts gains around 1 and biases around 0', () => {
    const read = createRandomWeights();
    const vector = (name: string) =>
      new Float32Array(
        read({
          value: { name, type: 'float32', dims: [3200] },
          expr: tensor(name, 3200),
          part: 'values',
        }).buffer,
      );
    expect(statistics(vector('norm1.weight')).mean).toBeCloseTo(1, 1);
    expect(statistics(vector('norm1.bias')).mean).toBeCloseTo(0, 1);
  });

  it('makes the same bytes again from the same seed, others for the next weight, and more than its pool holds', () => {
    const big = weight('float16', [1000, 700], 'values');
    const [first, again] = [createRandomWeights(5), createRandomWeights(5)];
    const bytes = first(big);
    expect(bytes).toHaveLength(1_400_000);
    expect(Buffer.compare(again(big), bytes)).toBe(0);
    expect(Buffer.compare(first(big), bytes)).not.toBe(0);
  });
});
