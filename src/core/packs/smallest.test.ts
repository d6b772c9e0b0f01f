/** The plan that chooses its bits: what it keeps is told by pack.json, and read again by both targets. */
import { describe, expect, it } from 'vitest';
import { isPalette, weightKey, type Weight } from '../graph';
import { componentWeights } from './component-weights';
import { assertPack, importCheckpoint, openWeights, type Pack } from '.';
import type { ComponentId } from '../networks/components';
import { memoryPacks } from './testing/memory-packs';
import { smallModel } from './testing/small-models';

const store = memoryPacks();

async function small(bitPrice?: number): Promise<Pack> {
  const draft = store.create('x');
  const onProgress = (): void => undefined;
  await importCheckpoint({
    sources: smallModel('sdxl', 'narrow'),
    id: 'x',
    name: 'X',
    plan: 'smallest',
    draft,
    onProgress,
    bitPrice,
  });
  return store.open('x').pack;
}

const forms = ({ components }: Pack): string[] =>
  Object.values(components).flatMap(({ weights }) => Object.values(weights).map(({ form }) => form));

describe('a pack of plan smallest', () => {
  it('stores in fewer bits the more a bit costs, vectors always in full', async () => {
    const cheap = new Set(forms(await small(0)));
    const dear = new Set(forms(await small(1)));
    expect(cheap).toEqual(new Set(['float32', 'float16']));
    expect(dear).toEqual(new Set(['float32', 'palette4']));
  });

  it('holds all that its graphs read, and gives it packed and widened', async () => {
    const pack = await small(1);
    expect(() => assertPack(pack)).not.toThrow();
    for (const [id, { config }] of Object.entries(pack.components)) {
      const weights = await openWeights(store.open('x'), id as ComponentId);
      const read = (storedForm?: typeof weights.storedForm): Weight[] =>
        componentWeights(id as ComponentId, { file: id, config }, storedForm);
      for (const weight of [...read(), ...read(weights.storedForm)])
        expect(weights.read(weight).length).toBeGreaterThan(0);
    }
  });

  it('repacks a matrix once for its quants and its scales, whichever is read first', async () => {
    const pack = await small(1);
    const open = store.open('x');
    let reads = 0;
    const counted = {
      ...open,
      shard: async (file: string) => {
        const source = await open.shard(file);
        const readSync = (at: number, length: number) => ((reads += 1), source.readSync(at, length));
        return { ...source, size: source.size, readSync };
      },
    };
    const weights = await openWeights(counted, 'unet');
    const packed = componentWeights('unet', { file: 'x', config: pack.components.unet?.config }, weights.storedForm);
    const quants = packed.filter(({ part }) => part !== 'values' && part.of === 'quants');
    expect(quants.length).toBeGreaterThan(0);
    for (const one of quants)
      for (const isFirst of [true, false]) {
        const key = weightKey(one.expr);
        const scales: Weight = { ...one, part: { of: 'scales', form: 'nbits8' } };
        const [first, second] = isFirst ? [one, scales] : [scales, one];
        const made = weights.read(first);
        const before = reads;
        const other = weights.read(second);
        // Where matrices are joined only the last is kept whole.
        if (isFirst || !key.includes('concat')) expect(reads, key).toBe(before);
        const read = async (weight: Weight) => (await openWeights(open, 'unet')).read(weight);
        expect([made, other]).toEqual([await read(first), await read(second)]);
      }
  });

  it('is refused where a range is too short for its form', async () => {
    const pack = structuredClone(await small(1));
    const stored = Object.values(pack.components.unet?.weights ?? {}).find(({ form }) => isPalette(form));
    if (!stored) throw new Error('nothing is a palette');
    stored.data = { ...stored.data, byteLength: stored.data.byteLength - 1 };
    expect(() => assertPack(pack)).toThrow(/bytes of values instead of/);
  });
});
