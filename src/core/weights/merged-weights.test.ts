/** Differences added to what a graph reads, through expressions over tensors. */
import { describe, expect, it } from 'vitest';
import { add, concat, exprShape, padRows, scale, tensor, transpose, type Weight, type WeightExpr } from '../graph';
import { evaluateNow, MergedWeights, type ReadWeight, type TensorChange } from '.';
import { fromStored, toGraphBytes, toStored } from './stored-form';
import { gaussian } from './testing/numbers';

const [a, b] = [tensor('a', 2, 3), tensor('b', 1, 3)];
const TENSORS: Record<string, number[]> = { a: [1, 2, 3, 4, 5, 6], b: [10, 20, 30] };

const weightOf = (expr: WeightExpr, type: Weight['value']['type'] = 'float32'): Weight => ({
  value: { name: 'w', dims: exprShape(expr), type },
  expr,
  part: 'values',
});

const untouched: ReadWeight = (weight) => {
  const values = evaluateNow(weight.expr, (name) => Float32Array.from(TENSORS[name]));
  return toGraphBytes({ data: new Uint8Array(values.buffer) }, { form: 'float32', weight, where: 'w' });
};

const plus = (...values: number[]): TensorChange => ({
  usesTensor: false,
  difference: () => Float32Array.from(values),
});
const times = (factor: number): TensorChange => ({
  usesTensor: true,
  difference: (own) => Float32Array.from(own ?? [], (value) => value * (factor - 1)),
});

const read = (changes: Record<string, TensorChange[]>, expr: WeightExpr): number[] | undefined => {
  const bytes = new MergedWeights(new Map(Object.entries(changes))).read(weightOf(expr), untouched);
  return bytes && [...new Float32Array(bytes.buffer)];
};

describe('MergedWeights', () => {
  it.each<[string, WeightExpr, number[]]>([
    ['a transposed tensor', transpose(a), [1, 4, 2, 5, 3, 6.5]],
    ['one of two joined', concat(a, b), [1, 2, 3, 4, 5, 6.5, 10, 20, 30]],
    ['a scaled and padded one', padRows(scale(a, 2), 3), [2, 4, 6, 8, 10, 13, 0, 0, 0]],
    ['a sum', add(a, a), [2, 4, 6, 8, 10, 13]],
  ])('changes %s', (_, expr, expected) => expect(read({ a: [plus(0, 0, 0, 0, 0, 0.5)] }, expr)).toEqual(expected));

  it('adds changes up, each to the untouched tensor', () => {
    expect(read({ b: [times(3), times(0.5), plus(1, 1, 1)] }, concat(b, b))).toEqual([26, 51, 76, 26, 51, 76]);
  });

  it('leaves alone what nobody changes', () => {
    expect(read({ a: [plus()] }, b)).toBeUndefined();
    expect(new MergedWeights(new Map()).touches(a)).toBe(false);
  });

  it('asks for the model’s own of a packed matrix, and gives the sum in the type that is computed in', () => {
    const [out, inner] = [4, 32];
    const matrix = tensor('m', out, inner);
    const shape = [out, inner];
    const stored = toStored(gaussian(out * inner, 1), { form: 'nbits4', shape, where: 'm' });
    const base = fromStored(stored, 'nbits4');
    const small = gaussian(out * inner, 2).map((value) => value / 1000);
    const changes = new Map([['m', [{ usesTensor: false, difference: () => small }]]]);
    const packed: ReadWeight = (weight) => toGraphBytes(stored, { form: 'nbits4', weight, where: 'm' });
    const bytes = new MergedWeights(changes).read(weightOf(matrix), packed);
    expect(new Float32Array(bytes?.buffer ?? new ArrayBuffer(0))).toEqual(base.map((value, i) => value + small[i]));
    expect(new MergedWeights(changes).read(weightOf(matrix, 'float16'), packed)?.length).toBe(2 * out * inner);
    const again = fromStored(
      toStored(
        base.map((v, i) => v + small[i]),
        { form: 'nbits4', shape, where: 'm' },
      ),
      'nbits4',
    );
    expect(again, 'what rounding again would leave').not.toEqual(base.map((value, i) => value + small[i]));
  });
});
