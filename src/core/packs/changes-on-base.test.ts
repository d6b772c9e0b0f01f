import { describe, expect, it } from 'vitest';
import { tensor } from '../graph';
import { valuesOf } from '../weights';
import { changesOnBase } from './changes-on-base';

const numbers = (count: number): Float32Array<ArrayBuffer> => Float32Array.from({ length: count }, (_, i) => i + 1);

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
});
