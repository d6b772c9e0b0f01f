/** Every kind against what lycoris-lora's and peft's modules do in their forward. */
import { describe, expect, it } from 'vitest';
import { openAdapter } from '.';
import type { Factors } from './kind';
import { fromFactors } from './lora';
import { ADAPTERS } from './table';
import { floats, KINDS, relativeError, safetensors, TINY, type KindCase } from './testing/kinds';

/** float32 products of a dozen terms, against torch's own float32; weights are read off a forward. */
const TOLERANCE = 1e-5;

async function open({ module, parts, prefix = `lora_unet_${module}.`, config }: KindCase) {
  const tensors = Object.fromEntries(
    Object.entries(parts).map(([part, packed]) => [prefix + part, { shape: packed.shape, values: floats(packed) }]),
  );
  return openAdapter(safetensors(tensors), { model: TINY, config });
}

const change = (after: Float32Array, before: Float32Array): Float32Array => after.map((value, i) => value - before[i]);

describe.each(KINDS.cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
  const id = `unet/${one.module}`;
  const weight = floats(KINDS.weights[`${one.module}.weight`]);
  const bias = floats(KINDS.weights[`${one.module}.bias`]);
  const wanted = change(floats(one.after.weight), weight);

  it('changes the weight as the reference does, and in proportion to the strength', async () => {
    const adapter = await open(one);
    expect(adapter.unused).toEqual([]);
    expect([...adapter.layers.keys()]).toEqual([id]);
    const delta = await adapter.delta(id, { weight });
    expect(relativeError(delta, wanted)).toBeLessThan(TOLERANCE);
    const back = await adapter.delta(id, { weight, strength: -0.5 });
    expect(
      relativeError(
        back,
        wanted.map((value) => -0.5 * value),
      ),
    ).toBeLessThan(TOLERANCE);
  });

  it('changes the bias as the reference does', async () => {
    const delta = (await (await open(one)).biasDelta(id)) ?? new Float32Array(bias.length);
    const difference = change(floats(one.after.bias), bias);
    expect(Math.max(...change(delta, difference).map(Math.abs))).toBeLessThan(TOLERANCE);
  });

  it('makes the same at once, when it is held', async () => {
    const adapter = await open(one);
    const held = await adapter.hold(id);
    const strength = 0.7;
    expect(held.delta({ weight, strength })).toEqual(await adapter.delta(id, { weight, strength }));
    expect(held.biasDelta({ strength })).toEqual(await adapter.biasDelta(id, { strength }));
  });

  it('has factors that make the same, where there are any', async () => {
    const adapter = await open(one);
    const factors = await adapter.factors(id, { weight });
    const { isLowRank, usesWeight } = adapter.layers.get(id) ?? {};
    expect(isLowRank).toBe(factors !== undefined && !usesWeight);
    if (factors)
      expect(relativeError(product(factors, KINDS.weights[`${one.module}.weight`].shape), wanted)).toBeLessThan(
        TOLERANCE,
      );
    else expect(one.name).toMatch(/dora|ia3|full|oft|norm|^(peft )?lokr(?! both, conv)/);
  });
});

const product = (factors: Factors, shape: readonly number[]): Float32Array => fromFactors(factors, { target: shape });

describe('ADAPTERS', () => {
  it('has a case of every kind but one that only ComfyUI writes', () => {
    const written = new Set<string>();
    for (const { parts } of KINDS.cases)
      for (const [id, { signs }] of Object.entries(ADAPTERS))
        if (signs.some((sign) => sign.every((part) => Object.hasOwn(parts, part)))) written.add(id);
    expect(Object.keys(ADAPTERS).filter((id) => !written.has(id))).toEqual(
      ['lora', 'replace'].filter((id) => !written.has(id)),
    );
  });
});
