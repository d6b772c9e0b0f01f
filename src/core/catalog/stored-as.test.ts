import { describe, expect, it } from 'vitest';
import { entryWithoutCatalog, helperAsModel, isStoredAs, storedAs, type ModelEntry } from '.';

const hub: ModelEntry['source'] = { kind: 'hub', repo: 'a/b', revision: 'main', files: ['x'] };
const entry = (source: ModelEntry['source'], family?: ModelEntry['family']): ModelEntry =>
  entryWithoutCatalog('x', 'X', family, { source, downloadBytes: 1 });

describe('storedAs', () => {
  it('sets the plan and what it comes to, where the family is known', () => {
    expect(storedAs(entry(hub, 'sdxl'), 'q4')).toMatchObject({ plan: 'q4', storedBytes: 2_574_000_000 });
    const unknown = storedAs(entry({ kind: 'url', url: 'https://x.org/a.ckpt' }), 'float16');
    expect(unknown).toMatchObject({ plan: 'float16' });
    expect(unknown).not.toHaveProperty('storedBytes');
  });

  it('leaves what is stored as it is published', () => {
    const pack = entry({ kind: 'pack', url: 'https://x.org/pack.json' }, 'sd15');
    expect(storedAs(pack, 'q4')).toBe(pack);
    const licence = { name: '', url: '' };
    const about = { id: 'taesd', name: 'T', description: '', licence, downloadBytes: 1 };
    const helper = helperAsModel({ ...about, role: 'preview', family: 'sd15', source: hub });
    expect(storedAs(helper, 'q4')).toBe(helper);
  });

  it('knows its own words alone', () => {
    expect(['q4', 'float32', 'constructor', 8, undefined].map(isStoredAs)).toEqual([true, false, false, false, false]);
  });
});
