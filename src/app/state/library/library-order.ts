/** In which order models are offered: as the catalogue has them, or by what runs where nothing is fast. */
import type { DeviceFacts, Verdict } from '../../../core/catalog';
import type { LibraryItem } from './library-items';

export interface Offered {
  shown: readonly LibraryItem[];
  /** Items behind a fold: slow here, or impossible. */
  folded: readonly LibraryItem[];
}

const RANK = { good: 0, slow: 1, no: 2 } as const;

/**
 * Without a usable GPU the quickest comes first, and what takes minutes or cannot run is folded; one is always shown.
 * @param verdict  undefined while nothing was measured
 */
export function offer(
  items: readonly LibraryItem[],
  facts: DeviceFacts | undefined,
  verdict: (item: LibraryItem) => Verdict | undefined,
): Offered {
  if (!facts || (facts.hasWebGpu && !facts.isSoftware)) return { shown: items, folded: [] };
  const unknown: Verdict = { level: 'good', reasons: [] };
  const judged = items
    .map((item) => ({ item, ...(verdict(item) ?? unknown) }))
    .toSorted((a, b) => RANK[a.level] - RANK[b.level] || (a.secondsPerPicture ?? 0) - (b.secondsPerPicture ?? 0));
  const good = judged.filter(({ level }) => level === 'good').length;
  const all = judged.map(({ item }) => item);
  const count = Math.max(1, good);
  return { shown: all.slice(0, count), folded: all.slice(count) };
}
