import { describe, expect, it } from 'vitest';
import { entryWithoutCatalog, type DeviceFacts, type Verdict } from '../../../core/catalog';
import { offer } from './library-order';
import type { LibraryItem } from './library-items';

const CPU: DeviceFacts = { hasWebGpu: false, adapter: '', isSoftware: false, shaderF16: false, maxBufferBytes: 0 };
const VERDICTS: Record<string, Verdict> = {
  a: { level: 'slow', reasons: [], secondsPerPicture: 1100 },
  b: { level: 'no', reasons: [] },
  c: { level: 'slow', reasons: [], secondsPerPicture: 300 },
  d: { level: 'good', reasons: [], secondsPerPicture: 83 },
};
const items = (ids: string): LibraryItem[] =>
  [...ids].map((id) => ({
    entry: entryWithoutCatalog(id, id, 'sd15', { source: { kind: 'imported' }, downloadBytes: 1 }),
    ...{ isUsable: false, isOwn: false, isRemoved: false },
  }));
const offered = (ids: string, facts: DeviceFacts | undefined) => {
  const { shown, folded } = offer(items(ids), facts, ({ entry }) => VERDICTS[entry.id]);
  return [shown, folded].map((list) => list.map(({ entry }) => entry.id).join(''));
};

describe('offer', () => {
  it('puts what runs first where there is no usable GPU, and folds what is slow or impossible', () => {
    expect(offered('abcd', CPU)).toEqual(['d', 'cab']);
    expect(offered('abcd', { ...CPU, hasWebGpu: true, isSoftware: true })).toEqual(['d', 'cab']);
  });

  it('shows the quickest where all are slow, and nothing of nothing', () => {
    expect(offered('bac', CPU)).toEqual(['c', 'ab']);
    expect(offered('', CPU)).toEqual(['', '']);
  });

  it('keeps the order of the catalogue with a GPU, and before it is measured', () => {
    expect(offered('abcd', { ...CPU, hasWebGpu: true })).toEqual(['abcd', '']);
    expect(offered('abcd', undefined)).toEqual(['abcd', '']);
  });
});
