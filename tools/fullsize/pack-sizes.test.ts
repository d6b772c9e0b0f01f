import { describe, expect, it } from 'vitest';
import { entryWithoutCatalog, storedAs, STORED_AS, type ModelEntry } from '../../src/core/catalog';
import type { StoredAs } from '../../src/core/families';
import { DTYPE_PLANS } from '../../src/core/packs';
import { FAMILIES, loadedBytes, packBytes } from './pack-sizes';

const PLANS = Object.keys(STORED_AS) as StoredAs[];
const source: ModelEntry['source'] = { kind: 'hub', repo: 'a/b', revision: 'main', files: ['x'] };

describe('what storedAs says', () => {
  it.each(FAMILIES.flatMap((family) => PLANS.map((plan) => [family, plan] as const)))(
    'of %s as %s is what its shapes come to',
    (family, plan) => {
      const entry = entryWithoutCatalog('x', 'X', family, { source, downloadBytes: 1 });
      const { storedBytes, needs } = storedAs({ ...entry, plan: 'q8', needs: { gpuBytes: 9e9 } }, plan);
      expect((storedBytes ?? 0) / 1e6).toBeCloseTo(packBytes(family, DTYPE_PLANS[plan]) / 1e6, -1);
      const more = loadedBytes(family, DTYPE_PLANS[plan]) - loadedBytes(family, DTYPE_PLANS.q8);
      expect((needs?.gpuBytes ?? 0) / 1e6).toBeCloseTo((9e9 + more) / 1e6, -1);
    },
  );
});
