/** Files damaged in every way: a sentence each, or an adapter; never a hang, and never another error. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { bytesSource } from '../formats';
import { Chance, mutated } from '../formats/testing/mutations';
import { adapterSummary, openAdapter, readEmbeddings } from '.';
import { fixture, KINDS, safetensors, TINY, floats } from './testing/kinds';

const words = [
  '"',
  ']',
  '[',
  '{',
  '0',
  '9',
  'e9',
  '-1',
  'F32',
  'lora_up.weight',
  'alpha',
  'dora_scale',
  'hada_w1_a',
  'null',
];
const PIECES = words.map((word) => new TextEncoder().encode(word));

async function outcome(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) return error;
    return error.message.startsWith('x.') ? undefined : error.message;
  }
}

/** All layers of one file, as far as it opens. */
async function useAll(bytes: Uint8Array): Promise<void> {
  const adapter = await openAdapter(bytesSource('x.safetensors', bytes), { model: TINY });
  adapterSummary(adapter);
  for (const { id, path } of adapter.layers.values()) {
    const weight = floats(KINDS.weights[`${path}.weight`]);
    await adapter.delta(id, { weight });
    await adapter.biasDelta(id);
    await adapter.factors(id, { weight });
  }
}

describe('openAdapter', () => {
  it('answers every damaged file with an AppError, or with an adapter', { timeout: 30_000 }, async () => {
    const chance = new Chance(11);
    for (const { module, parts, prefix = `lora_unet_${module}.` } of KINDS.cases) {
      const source = safetensors(
        Object.fromEntries(
          Object.entries(parts).map(([part, packed]) => [
            prefix + part,
            { shape: packed.shape, values: floats(packed) },
          ]),
        ),
      );
      const bytes = await source.read(0, source.size);
      for (let i = 0; i < 12; i++) {
        const damaged = mutated(bytes, chance, PIECES);
        expect(await outcome(() => useAll(damaged))).toBeUndefined();
      }
    }
  });

  it('answers shapes of any kind with an AppError, or with an adapter', { timeout: 30_000 }, async () => {
    const chance = new Chance(12);
    for (const { module, parts, prefix = `lora_unet_${module}.` } of KINDS.cases)
      for (let i = 0; i < 12; i++) {
        const names = Object.keys(parts);
        const changed = chance.of(names);
        const tensors = Object.fromEntries(
          names.map((part) => {
            const { shape } = parts[part];
            const other = Array.from({ length: chance.below(5) }, () => chance.of([0, 1, 2, 3, 4, 6, 8, 12, 16]));
            return [prefix + part, { shape: part === changed ? other : shape }];
          }),
        );
        const source = safetensors(tensors);
        const bytes = await source.read(0, source.size);
        expect([tensors, await outcome(() => useAll(bytes))]).toEqual([tensors, undefined]);
      }
  });
});

describe('readEmbeddings', () => {
  const names = readdirSync(new URL('./fixtures/embeddings', import.meta.url)).filter(
    (name) => !name.endsWith('.json'),
  );

  it.each(names)('answers every damaged %s with an AppError, or with embeddings', { timeout: 30_000 }, async (name) => {
    const chance = new Chance(13);
    const bytes = fixture(`embeddings/${name}`);
    for (let i = 0; i < 60; i++) {
      const damaged = mutated(bytes, chance, PIECES);
      expect(await outcome(() => readEmbeddings(bytesSource(`x.${name}`, damaged)))).toBeUndefined();
    }
  });
});
