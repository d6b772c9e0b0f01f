/** What must hold whatever the numbers: kinds that are others in disguise, strengths, and forms of old files. */
import { describe, expect, it } from 'vitest';
import { openAdapter } from '.';
import { Chance } from '../formats/testing/mutations';
import { rotationsOf } from './rotation';
import { flipped } from './matrices';
import { floats, KINDS, relativeError, safetensors, TINY, type TestTensor } from './testing/kinds';

/** Tolerance for sums in another order. */
const TOLERANCE = 1e-5;

const chance = new Chance(7);
const random = (...shape: number[]): Required<TestTensor> => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((all, n) => all * n, 1) }, () => chance.below(2001) / 1000 - 1),
});

const W = floats(KINDS.weights['linear.weight']);
type Parts = Record<string, TestTensor>;

async function deltaOf(parts: Parts, layer = 'linear', strength = 1): Promise<Float32Array> {
  const tensors = Object.fromEntries(
    Object.entries(parts).map(([part, tensor]) => [`lora_unet_${layer}.${part}`, tensor]),
  );
  const adapter = await openAdapter(safetensors(tensors), { model: TINY });
  expect(adapter.unused).toEqual([]);
  return adapter.delta(`unet/${layer}`, { strength, weight: floats(KINDS.weights[`${layer}.weight`]) });
}

const [down, up] = [random(3, 12), random(16, 3)];
const LORA: Parts = { 'lora_down.weight': down, 'lora_up.weight': up };
const ones = (...shape: number[]): TestTensor => ({
  shape,
  values: new Float32Array(shape.reduce((all, n) => all * n, 1)).fill(1),
});
const number = (value: number): TestTensor => ({ shape: [], values: [value] });

describe('a LoRA', () => {
  it('is a LoHa whose other half is ones', async () => {
    const parts = { hada_w1_a: up, hada_w1_b: down, hada_w2_a: ones(16, 1), hada_w2_b: ones(1, 12) };
    expect(relativeError(await deltaOf(parts), await deltaOf(LORA))).toBeLessThan(TOLERANCE);
  });

  it('is a LoKr whose first factor is 1', async () => {
    const parts = { lokr_w1: ones(1, 1), lokr_w2_a: up, lokr_w2_b: down };
    expect(relativeError(await deltaOf(parts), await deltaOf(LORA))).toBeLessThan(TOLERANCE);
  });

  it('is a GLoRA of nothing but its second half, in the order of today and of LyCORIS 1', async () => {
    const [a1, a2] = [{ shape: [12, 3] }, { shape: [3, 12] }];
    const today = { 'a1.weight': a1, 'a2.weight': a2, 'b1.weight': up, 'b2.weight': down };
    const old = { 'a1.weight': a2, 'a2.weight': a1, 'b1.weight': down, 'b2.weight': up };
    expect(relativeError(await deltaOf(today), await deltaOf(LORA))).toBeLessThan(TOLERANCE);
    expect(relativeError(await deltaOf(old), await deltaOf(LORA))).toBeLessThan(TOLERANCE);
  });

  it.each([
    ['alpha 6 of rank 3 doubles it', { alpha: number(6) }, 2],
    ['alpha 0 says nothing, as with kohya', { alpha: number(0) }, 1],
    ['a scale is taken as it is', { scale: number(0.25), alpha: number(6) }, 0.25],
  ])('%s', async (_, more, factor) => {
    const plain = await deltaOf(LORA);
    expect(
      relativeError(
        await deltaOf({ ...LORA, ...more }),
        plain.map((value) => factor * value),
      ),
    ).toBeLessThan(TOLERANCE);
  });

  it('of strength 0 is nothing, and negative ones undo it', async () => {
    expect((await deltaOf(LORA, 'linear', 0)).every((value) => value === 0)).toBe(true);
    const [there, back] = [await deltaOf(LORA, 'linear', 0.7), await deltaOf(LORA, 'linear', -0.7)];
    expect(there.every((value, i) => value + back[i] === 0)).toBe(true);
  });
});

describe('a folder of PEFT', () => {
  const tensors = { 'base_model.model.linear.lora_A.weight': down, 'base_model.model.linear.lora_B.weight': up };
  const open = (config?: unknown) => openAdapter(safetensors(tensors), { model: TINY, config });

  it('has its strength in another file, and says so where that is missing', async () => {
    const [with_, without] = [await open({ r: 3, lora_alpha: 6 }), await open()];
    expect([with_.notices, with_.layers.get('unet/linear')?.alpha]).toEqual([[], 6]);
    expect(without.notices).toEqual([expect.stringContaining('adapter_config.json')]);
    const plain = await without.delta('unet/linear');
    expect(
      relativeError(
        await with_.delta('unet/linear'),
        plain.map((value) => 2 * value),
      ),
    ).toBeLessThan(TOLERANCE);
  });

  it.each([null, 7, 'x', {}, { r: 'x' }, { r: 3, lora_alpha: 6, rank_pattern: 5, alpha_pattern: null }])(
    'takes settings that are none for nothing: %j',
    async (config) => expect((await open(config)).layers.size).toBe(1),
  );
});

describe('old and rare forms', () => {
  it('takes rotations of LyCORIS 1.9 as they are', async () => {
    const blocks = random(4, 4, 4);
    const rotations = rotationsOf({ values: Float32Array.from(blocks.values), size: 4, constraint: 0, rows: 16 });
    const ready = { shape: [4, 4, 4], values: rotations.flatMap((r) => [...r]) };
    expect(relativeError(await deltaOf({ oft_diag: ready }), await deltaOf({ oft_blocks: blocks }))).toBeLessThan(
      TOLERANCE,
    );
  });

  it('turns rows without changing their lengths together', async () => {
    const delta = await deltaOf({ oft_blocks: random(4, 4, 4) });
    const size = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);
    expect(size(W.map((value, i) => value + delta[i])) / size(W)).toBeCloseTo(1, 5);
  });

  it('puts another weight in place of the model’s (ComfyUI)', async () => {
    const other = random(16, 12);
    const delta = await deltaOf({ set_weight: other });
    expect(
      relativeError(
        delta.map((value, i) => value + W[i]),
        Float32Array.from(other.values),
      ),
    ).toBeLessThan(TOLERANCE);
  });

  it('makes DoRA’s lengths of rows or columns, by their shape', async () => {
    const changed = async (lengths: TestTensor): Promise<Float32Array> => {
      const delta = await deltaOf({ ...LORA, dora_scale: lengths });
      return delta.map((value, i) => value + W[i]);
    };
    const rows = await changed(ones(16, 1));
    expect(Math.hypot(...rows.subarray(12, 24))).toBeCloseTo(1, 5);
    expect(Math.hypot(...(await changed(ones(16))).subarray(24, 36))).toBeCloseTo(1, 5);
    const columns = flipped(await changed(ones(1, 12)), 16, 12);
    expect(Math.hypot(...columns.subarray(16, 32))).toBeCloseTo(1, 5);
  });
});
