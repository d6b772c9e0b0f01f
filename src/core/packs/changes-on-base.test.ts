import { describe, expect, it } from 'vitest';
import { tensor } from '../graph';
import { valuesOf, type TensorBlend } from '../weights';
import { changesOnBase } from './changes-on-base';

const numbers = (count: number): Float32Array<ArrayBuffer> => Float32Array.from({ length: count }, (_, i) => i + 1);
const bytesOf = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer);

describe('changesOnBase', () => {
  const narrow = tensor('conv_in.weight', 2, 1, 1, 2);
  const wide = { shape: [2, 3, 1, 2], values: () => numbers(12) };
  const places = new Map([['conv_in.weight', { shape: [2, 1, 1, 2], wide }]]);

  it('takes the first columns of what changes a kernel that sees more than the latent', () => {
    const factors = new Map([['conv_in.weight', { rank: 2, down: numbers(12), up: numbers(4) }]]);
    const { branches } = changesOnBase({ branches: [{ factor: 'adapter_0', factors }], merged: new Map() }, places);
    const [{ down, up }] = branches.branches(narrow);
    const read = (expr: typeof down) => valuesOf(expr, (weight) => branches.read(weight) ?? expect.fail('not read'));
    expect([...read(down)]).toEqual([1, 2, 7, 8]);
    expect([...read(up)]).toEqual([1, 2, 3, 4]);
  });

  it('gives a difference the whole kernel, and takes the first columns of it', () => {
    const given: unknown[] = [];
    const difference = (weight?: Float32Array): Float32Array => {
      given.push(weight);
      return numbers(12).map((value) => 10 * value);
    };
    const merged = new Map([['conv_in.weight', [{ usesTensor: true, difference }]]]);
    const changes = changesOnBase({ branches: [], merged }, places);
    const zeros = () => new Uint8Array(16);
    const values = valuesOf(narrow, (weight) => changes.merged.read(weight, zeros) ?? expect.fail('not changed'));
    expect([...values]).toEqual([10, 20, 70, 80]);
    expect(given).toEqual([numbers(12)]);
  });

  it('leaves out what the file has itself', () => {
    const factors = new Map([['own.weight', { rank: 1, down: numbers(2), up: numbers(2) }]]);
    const merged = new Map([['own.weight', [{ usesTensor: false, difference: () => numbers(4) }]]]);
    const changes = changesOnBase({ branches: [{ factor: 'adapter_0', factors }], merged }, places);
    expect(changes.branches.branches(tensor('own.weight', 2, 2))).toEqual([]);
    expect(changes.merged.touches(tensor('own.weight', 2, 2))).toBe(false);
  });

  it('mixes other models in before it adds what depends on the tensor, and leaves what the file has itself', () => {
    const own = [1, 2, 7, 8];
    const blend: TensorBlend = { difference: (_name, _shape, values) => values.map((value) => value + 1) };
    const difference = (weight = numbers(0)): Float32Array => weight.map((value) => value / 10);
    const merged = new Map([['conv_in.weight', [{ usesTensor: true, difference }]]]);
    const changes = changesOnBase({ branches: [], merged, blend }, places);
    const read = (expr: typeof narrow) =>
      valuesOf(expr, (weight) => changes.merged.read(weight, () => bytesOf(own)) ?? expect.fail('not changed'));
    read(narrow).forEach((value, i) => expect(value).toBeCloseTo(1.1 * (2 * own[i] + 1), 5));
    expect([...read(tensor('own.weight', 2, 2))]).toEqual(own);
  });
});
