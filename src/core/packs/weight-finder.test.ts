/** Whatever a pack keeps and a graph wants: what is derived is what the checkpoint gives. */
import { describe, expect, it } from 'vitest';
import {
  add,
  concat,
  exprShape,
  exprTensors,
  GraphBuilder,
  linear,
  padColumns,
  padRows,
  parseWeightKey,
  reshape,
  scale,
  tensor,
  transpose,
  weightKey,
  type WeightExpr,
} from '../graph';
import { evaluateNow } from '../weights/evaluate';
import { dequantiseMatrix, quantiseMatrix } from '../weights/quantise';
import { gaussian } from '../weights/testing/numbers';
import { halfToFloat } from '../math';
import { derivedQuants, derivedScales, packedForm } from './packed-derivation';
import type { StoredWeight } from './pack';
import type { StoredForm } from '../graph';
import { storedParts } from './stored-parts';
import { WeightFinder } from './weight-finder';

const ROWS = 3;
const COLUMNS = 4;
const TENSORS = ['a.weight', 'b.weight', 'c-1.weight'].map((name) => tensor(name, ROWS, COLUMNS));
const CHECKPOINT = new Map(TENSORS.map((expr, i) => [weightKey(expr), gaussian(ROWS * COLUMNS, i + 1)]));

const fromCheckpoint = (name: string): Float32Array<ArrayBuffer> => CHECKPOINT.get(name) ?? new Float32Array();
const NO_RANGE = { shard: 0, offset: 0, byteLength: 0 };
const storedAs = (expr: WeightExpr, form: StoredForm): StoredWeight => ({
  form,
  shape: exprShape(expr),
  data: NO_RANGE,
});

function finderOver(kept: readonly WeightExpr[], form: StoredForm = 'float32'): WeightFinder {
  const stored = Object.fromEntries(kept.map((expr) => [weightKey(expr), storedAs(expr, form)]));
  const shapes = new Map(exprTensors(TENSORS).map(({ name, shape }) => [name, shape]));
  return new WeightFinder({ where: 'pack: unet', stored, tensorShapes: () => shapes });
}

/** Values of what is kept, computed from the checkpoint as an import does. */
function valuesOf(kept: readonly WeightExpr[]): (key: string) => Float32Array<ArrayBuffer> {
  const byKey = new Map(kept.map((expr) => [weightKey(expr), evaluateNow(expr, fromCheckpoint)]));
  return (key) => byKey.get(key) ?? new Float32Array();
}

/** A random matrix over the tensors, of so many operations one above another. */
function randomExpr(below: (n: number) => number, depth: number): WeightExpr {
  if (depth === 0) return TENSORS[below(TENSORS.length)];
  const of = randomExpr(below, depth - 1);
  const [rows, columns] = exprShape(of);
  switch (below(7)) {
    case 0:
      return transpose(of);
    case 1:
      return reshape(of, columns, rows);
    case 2:
      return scale(of, [0.5, 1 / Math.sqrt(512), -3, 1 / 64][below(4)]);
    case 3:
      return padRows(of, rows + below(3));
    case 4:
      return padColumns(of, columns + below(3));
    case 5:
      return columns === COLUMNS ? concat(TENSORS[below(3)], of) : concat(of, of);
    default:
      return add(of, scale(of, 2));
  }
}

/** Whole-number arithmetic: the same cases everywhere. */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const RANDOM = Array.from({ length: 400 }, (_, seed) => randomExpr(dice(seed + 1), 1 + (seed % 4)));

function expectNear(actual: Float32Array, expected: Float32Array, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  const isNear = actual.every((value, i) => Math.abs(value - expected[i]) <= 1e-6 * (1 + Math.abs(expected[i])));
  expect(isNear, what).toBe(true);
}

describe('weightKey', () => {
  it('is read back as the expression it was made of', () => {
    const shapes = new Map(exprTensors(TENSORS).map(({ name, shape }) => [name, shape]));
    for (const expr of RANDOM) expect(parseWeightKey(weightKey(expr), (name) => shapes.get(name))).toEqual(expr);
  });

  it.each([
    '',
    '(',
    'transpose(',
    'transpose(a))',
    'scale(a; x)',
    'scale(a; 1 2)',
    'rows(a; 1)',
    'none(a)',
    'a b',
    'add(a)',
    'x'.repeat(9),
  ])('of "%s" is none of ours, or a tensor’s name', (key) => {
    expect(parseWeightKey(key, (name) => (name.length === 1 ? [2, 2] : undefined))).toBeUndefined();
  });

  it('is given up where it is nested deeper than any of ours', () => {
    expect(parseWeightKey(`${'transpose('.repeat(1e5)}a${')'.repeat(1e5)}`, () => [2, 2])).toBeUndefined();
  });
});

describe('WeightFinder', () => {
  it('derives whatever is wanted from the tensors, with the values of the checkpoint', () => {
    for (const wanted of RANDOM) {
      const found = finderOver(TENSORS).find(wanted);
      expect(found, weightKey(wanted)).toBeDefined();
      if (found)
        expectNear(evaluateNow(found, valuesOf(TENSORS)), evaluateNow(wanted, fromCheckpoint), weightKey(wanted));
    }
  });

  it('derives whatever is wanted from what an import keeps of it', () => {
    for (const wanted of RANDOM) {
      const kept = storedParts(wanted);
      for (const expr of kept) expect(weightKey(expr)).not.toMatch(/scale|add\(|pad/);
      const found = finderOver(kept).find(wanted);
      expect(found, weightKey(wanted)).toBeDefined();
      if (found) expectNear(evaluateNow(found, valuesOf(kept)), evaluateNow(wanted, fromCheckpoint), weightKey(wanted));
    }
  });

  it('gets tensors back out of whatever was made of them but a sum', () => {
    for (const kept of RANDOM) {
      const found = finderOver([kept]);
      for (const { name, shape } of exprTensors([kept])) {
        const again = found.find(tensor(name, ...shape));
        if (again)
          expectNear(evaluateNow(again, valuesOf([kept])), fromCheckpoint(name), `${name} of ${weightKey(kept)}`);
        else expect(weightKey(kept)).toContain('add(');
      }
    }
  });

  it('takes what is kept before it computes anything', () => {
    const wanted = transpose(scale(TENSORS[0], 1 / Math.sqrt(512)));
    const found = finderOver([...TENSORS, transpose(scale(TENSORS[0], 0.044194173824159216 + 7e-18))]).find(wanted);
    expect(found?.op).toBe('tensor');
    expect(finderOver([TENSORS[0], scale(TENSORS[0], 0.0441942)]).find(wanted)?.op).not.toBe('tensor');
    expect(finderOver([transpose(TENSORS[0])]).find(TENSORS[0])).toEqual({
      op: 'transpose',
      of: { op: 'tensor', name: 'transpose(a.weight)', shape: [COLUMNS, ROWS] },
    });
  });

  it('finds nothing in place of what is not there, and names shapes that do not fit', () => {
    expect(finderOver([TENSORS[0]]).find(TENSORS[1])).toBeUndefined();
    expect(finderOver([add(TENSORS[0], TENSORS[1])]).find(TENSORS[1])).toBeUndefined();
    expect(finderOver([]).find(tensor('constructor', 2))).toBeUndefined();
    expect(() => finderOver([TENSORS[0]]).find(tensor('a.weight', 5, 5))).toThrow(
      'pack: unet: weight "a.weight" has shape [3, 4] instead of [5, 5]; config and weights are not of one model',
    );
  });
});

describe('a packed matrix', () => {
  const [OUT, INNER] = [6, 64];
  const names = ['a.weight', 'b.weight'];
  const matrices = names.map((name) => tensor(name, OUT, INNER));
  const [a, b] = matrices;

  it.each<[string, WeightExpr, 'nbits8' | 'nbits4']>([
    ['scaled', scale(a, 1 / 8), 'nbits8'],
    ['scaled down and negated', scale(a, -0.0625), 'nbits4'],
    ['with rows of zeros', padRows(a, 8), 'nbits4'],
    ['joined', concat(a, b), 'nbits8'],
    ['joined, scaled and padded', padRows(scale(concat(b, a), 2), 16), 'nbits4'],
  ])('stays packed where it is wanted %s', (_how, wanted, form) => {
    const packed = new Map(
      names.map((name, i) => [name, quantiseMatrix(gaussian(OUT * INNER, i + 5), [OUT, INNER], form)]),
    );
    const find = (key: string) => packed.get(key) ?? quantiseMatrix(new Float32Array(), [0, INNER], form);
    const finder = new WeightFinder({
      where: 'x',
      stored: Object.fromEntries(matrices.map((expr) => [weightKey(expr), storedAs(expr, form)])),
      tensorShapes: () => new Map(),
    });
    const found = finder.find(wanted) ?? a;
    expect(packedForm(found, () => form)).toBe(form);
    const quants = derivedQuants(found, { form, read: (key) => find(key).quants });
    const scales = derivedScales(found, { form, read: (key) => new Uint8Array(find(key).scales.buffer) });
    const expected = evaluateNow(wanted, (name) => {
      const { quants, scales } = find(name);
      return dequantiseMatrix({ quants, scales: halfToFloat(scales) }, form);
    });
    const withoutSign = (values: Float32Array): number[] => [...values].map((value) => value + 0); // of zeros
    expect(withoutSign(dequantiseMatrix({ quants, scales }, form))).toEqual(withoutSign(expected));
  });

  it('is widened where its scales would lose their bits, or its rows are mixed', () => {
    const formOf = (): StoredForm => 'nbits8';
    expect(packedForm(scale(a, 1 / 64), formOf)).toBeUndefined();
    expect(packedForm(transpose(a), formOf)).toBeUndefined();
    expect(packedForm(padColumns(a, 96), formOf)).toBeUndefined();
    expect(packedForm(concat(a, b), (key) => (key === 'a.weight' ? 'nbits8' : 'nbits4'))).toBeUndefined();
    expect(packedForm(a, () => 'int8_channel')).toBeUndefined();
  });

  it('is asked for by the graph whose matrix it can be derived for', () => {
    const g = new GraphBuilder('g', {
      target: 'webgpu',
      activations: 'float16',
      storedForm: (key, _shape, matrix) => (key.startsWith('scale') && matrix.op === 'scale' ? 'nbits8' : undefined),
    });
    linear(g, g.input('x', 'float32', ['batch', 5, INNER]), scale(a, 0.5));
    expect(g.build().nodes.map(({ op }) => op)).toContain('MatMulNBits');
  });
});
