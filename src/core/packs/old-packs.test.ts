/**
 * Packs that an earlier Gesso has written (at commit ecb3cc2, in Node 20: `importCheckpoint` of `smallModel(family, 'narrow')`): they keep
 * loading, with every weight the checkpoint's own.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { weightKey, type GraphForm, type Weight } from '../graph';
import { halfToFloat } from '../math';
import { assertPack, importCheckpoint, openWeights, parsePack, type DtypePlanId, type Pack } from '.';
import type { ComponentId } from '../networks/components';
import { componentWeights } from './component-weights';
import { memoryPacks, type MemoryPacks } from './testing/memory-packs';
import { smallModel, type SmallFamily } from './testing/small-models';

/** Smallest normal half: below it the steps of halves are no smaller. */
const SMALLEST_NORMAL = 2 ** -14;

const FIXTURES: [SmallFamily, DtypePlanId][] = [
  ['sdxl', 'q8'],
  ['sd15-inpaint', 'float16'],
];

interface Fixture {
  pack: unknown;
  /** Hex of the files' bytes, by name. */
  files: Record<string, string>;
}

function readFixture(family: SmallFamily, plan: DtypePlanId): Fixture {
  const path = new URL(`./fixtures/${family}-${plan}.v1.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(path)).toString()) as Fixture;
}

function storeOf({ files }: Fixture, pack: Pack): MemoryPacks {
  const store = memoryPacks();
  for (const [name, hex] of Object.entries(files))
    store.files.set(`old/${name}`, Uint8Array.from(Buffer.from(hex, 'hex')));
  store.packs.set('old', pack);
  return store;
}

/** Every weight of every component, for both targets, as a device reads it. */
async function readAll(store: MemoryPacks, id: string, activations: GraphForm['activations']) {
  const open = store.open(id);
  const read = new Map<string, Uint8Array>();
  for (const [component, { config }] of Object.entries(open.pack.components)) {
    const weights = await openWeights(open, component as ComponentId);
    for (const storedForm of [weights.storedForm, undefined])
      for (const weight of componentWeights(component as ComponentId, { file: component, config }, storedForm)) {
        const isFloat = weight.value.type === 'float32';
        const typed: Weight = isFloat ? { ...weight, value: { ...weight.value, type: activations } } : weight;
        read.set(`${component} ${weightKey(weight.expr)} ${JSON.stringify(weight.part)}`, weights.read(typed).slice());
      }
  }
  return read;
}

const inPack = (pack: Pack, change: (key: string) => string): Pack => ({
  ...pack,
  components: Object.fromEntries(
    Object.entries(pack.components).map(([id, component]) => [
      id,
      {
        ...component,
        weights: Object.fromEntries(Object.entries(component.weights).map(([key, stored]) => [change(key), stored])),
      },
    ]),
  ),
});

/** Each factor moved by so many units of its last place. */
const moved = (key: string, ulps: number): string =>
  key.replaceAll(/(scale\([^;]*; )([^)]+)\)/g, (_all, head: string, number: string) => {
    const bits = new BigInt64Array(Float64Array.of(Number(number)).buffer);
    bits[0] += BigInt(ulps);
    return `${head}${new Float64Array(bits.buffer)[0]})`;
  });

describe.each(FIXTURES)('a version-1 pack of %s as %s', (family, plan) => {
  const fixture = readFixture(family, plan);
  const pack = parsePack(family, fixture.pack);

  it('is whole, and gives both activations what a new pack of the same model gives', async () => {
    expect(pack.version).toBe(1);
    assertPack(pack);
    const fresh = memoryPacks();
    const draft = fresh.create('new');
    const sources = smallModel(family, 'narrow');
    await importCheckpoint({ sources, id: 'new', name: family, plan, draft, onProgress: () => undefined });
    for (const activations of ['float32', 'float16'] as const) {
      const [old, now] = [
        await readAll(storeOf(fixture, pack), 'old', activations),
        await readAll(fresh, 'new', activations),
      ];
      expect([...now.keys()]).toEqual([...old.keys()]);
      for (const [key, bytes] of old) {
        const other = now.get(key) ?? new Uint8Array();
        if (key.includes('scale(')) expect(farthest(bytes, other, activations), key).toBeLessThan(2 ** -10);
        else expect(Buffer.compare(bytes, other), key).toBe(0);
      }
    }
  });

  it.each([-4, -1, 1, 3])('is read where an engine computes its factors %i units apart', async (ulps) => {
    const other = inPack(pack, (key) => moved(key, ulps));
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(pack));
    assertPack(other);
    const [before, after] = await Promise.all(
      [pack, other].map((one) => readAll(storeOf(fixture, one), 'old', 'float32')),
    );
    for (const [key, bytes] of before) expect(Buffer.compare(bytes, after.get(key) ?? new Uint8Array()), key).toBe(0);
  });
});

/** Relative. A product is rounded to half once when it is stored, twice when it is derived: a unit of the last place at most. */
function farthest(a: Uint8Array, b: Uint8Array, activations: GraphForm['activations']): number {
  if (a.length !== b.length) return Infinity;
  const [left, right] = [a, b].map(({ buffer }) =>
    activations === 'float32' ? new Float32Array(buffer) : halfToFloat(new Uint16Array(buffer)),
  );
  const apart = left.map((value, i) => Math.abs(value - right[i]) / Math.max(SMALLEST_NORMAL, Math.abs(value)));
  return apart.reduce((most, value) => Math.max(most, value), 0);
}
