/** Long products end soon after they are not wanted any more, of layers as large as SDXL's. */
import { describe, expect, it } from 'vitest';
import { openAdapter } from './open-adapter';
import { safetensors, type TestTensor } from './testing/kinds';

/** Multiplications without the wish would take seconds to minutes. */
const [OUT, INNER, RANK] = [1280, 2560, 128];
const [CHANNELS, KERNEL] = [640, 3];
const ASKED_AFTER_MS = 20;
const MOST_MS = 1000;

/** No zeros among them, which products skip. */
const filled = (...shape: number[]): TestTensor => {
  const count = shape.reduce((product, n) => product * n, 1);
  return { shape, values: Float32Array.from({ length: count }, (_, i) => (((i * 7919) % 97) + 1) / 1e4) };
};

const LORA = { 'lora_down.weight': filled(RANK, INNER), 'lora_up.weight': filled(OUT, RANK) };
const conv = [CHANNELS, CHANNELS, KERNEL, KERNEL];

const CASES: Record<string, { shape: number[]; parts: Record<string, TestTensor> }> = {
  DoRA: { shape: [OUT, INNER], parts: { ...LORA, dora_scale: filled(OUT, 1) } },
  LoHa: {
    shape: [OUT, INNER],
    parts: {
      ...{ hada_w1_a: filled(OUT, RANK), hada_w1_b: filled(RANK, INNER) },
      ...{ hada_w2_a: filled(OUT, RANK), hada_w2_b: filled(RANK, INNER) },
    },
  },
  'LoHa after Tucker': {
    shape: conv,
    parts: {
      ...{ hada_w1_a: filled(64, CHANNELS), hada_w1_b: filled(64, CHANNELS), hada_t1: filled(64, 64, KERNEL, KERNEL) },
      ...{ hada_w2_a: filled(64, CHANNELS), hada_w2_b: filled(64, CHANNELS), hada_t2: filled(64, 64, KERNEL, KERNEL) },
    },
  },
  LoKr: {
    shape: [OUT, INNER],
    parts: { lokr_w1: filled(2, 2), lokr_w2_a: filled(OUT / 2, 256), lokr_w2_b: filled(256, INNER / 2) },
  },
  OFT: { shape: [OUT, INNER], parts: { oft_blocks: filled(2, OUT / 2, OUT / 2) } },
  BOFT: { shape: [OUT, INNER], parts: { oft_blocks: filled(2, 4, OUT / 4, OUT / 4) } },
  GLoRA: {
    shape: [OUT, INNER],
    parts: {
      ...{ 'a1.weight': filled(INNER, RANK), 'a2.weight': filled(RANK, INNER) },
      ...{ 'b1.weight': filled(OUT, RANK), 'b2.weight': filled(RANK, INNER) },
    },
  },
};

describe('a layer whose change is not wanted any more', () => {
  it.each(Object.entries(CASES))('is left within a second: %s', async (_, { shape, parts }) => {
    const layer = 'layer';
    const keys = Object.entries(parts).map(([part, tensor]) => [`lora_unet_${layer}.${part}`, tensor] as const);
    const model = new Map([['unet' as const, new Map([[`${layer}.weight`, shape]])]]);
    const adapter = await openAdapter(safetensors(Object.fromEntries(keys)), { model });
    const [id] = adapter.layers.keys();
    const held = await adapter.hold(id);
    const weight = Float32Array.from(filled(...shape).values ?? []);
    let askedAt = 0;
    const start = performance.now();
    const check = (): void => {
      askedAt = performance.now() - start;
      if (askedAt > ASKED_AFTER_MS) throw new RangeError('enough');
    };
    expect(() => held.delta({ weight, check })).toThrow('enough');
    expect(performance.now() - start).toBeLessThan(MOST_MS);
  });
});
