/** The models of the library's list: those of the catalogue, what is stored and what is on its way, each with what there is of it here. */
import type { Catalog, ModelEntry } from '../../../core/catalog/catalog';
import { entryWithoutCatalog, helperAsModel } from '../../../core/catalog/family-defaults';
import { storedAs } from '../../../core/catalog/stored-as';
import type { StoredAs } from '../../../core/families';
import type { LibrarySnapshot, StoredModel, Transfer } from '../../../engine/library-api';

export interface LibraryItem {
  entry: ModelEntry;
  /** The model's files on this computer, when they are here. */
  stored?: StoredModel;
  transfer?: Transfer;
  /** It can paint now. */
  isUsable: boolean;
  /** Added by this person: in no catalogue. */
  isOwn: boolean;
  /** Just now; it can be taken back. */
  isRemoved: boolean;
}

/** What the list is made of. */
export interface ListedFrom {
  catalog: Catalog;
  snapshot: LibrarySnapshot;
  /** How models of the catalogue would be kept. */
  plan: StoredAs;
  isRemoved: (id: string) => boolean;
}

/** Models, in the order of the catalogue; behind them what is in none. */
export function listModels(from: ListedFrom): LibraryItem[] {
  const { catalog, snapshot } = from;
  const helpers = new Set(catalog.helpers?.map(({ id }) => id));
  const models = snapshot.models.filter(({ isHelper }) => !isHelper);
  const transfers = snapshot.transfers.filter(({ id }) => !helpers.has(id));
  const known = new Map(catalog.models.map((entry) => [entry.id, entry]));
  for (const entry of snapshot.entries) if (!known.has(entry.id)) known.set(entry.id, entry);
  for (const { id, name, family, bytes } of models)
    if (!known.has(id))
      known.set(id, entryWithoutCatalog(id, name, family, { source: { kind: 'imported' }, downloadBytes: bytes }));
  for (const { id, name } of transfers)
    if (!known.has(id)) known.set(id, entryWithoutCatalog(id, name, undefined, { source: { kind: 'imported' } }));
  return itemsOf([...known.values()], from);
}

/** Helpers of the catalogue: they paint nothing themselves. */
export const listHelpers = (from: ListedFrom): LibraryItem[] =>
  itemsOf((from.catalog.helpers ?? []).map(helperAsModel), from);

function itemsOf(entries: readonly ModelEntry[], { catalog, snapshot, plan, isRemoved }: ListedFrom): LibraryItem[] {
  const catalogued = new Set([...catalog.models, ...(catalog.helpers ?? [])].map(({ id }) => id));
  return entries.map((entry) => {
    const stored = snapshot.models.find(({ id }) => id === entry.id);
    const transfer = snapshot.transfers.find(({ id }) => id === entry.id);
    const isHere = entry.source.kind === 'bundled' || stored !== undefined;
    const isGone = isRemoved(entry.id);
    return {
      ...{ entry: isHere ? entry : storedAs(entry, plan), isUsable: isHere && !isGone, isRemoved: isGone },
      isOwn: !catalogued.has(entry.id),
      ...(stored && { stored }),
      ...(transfer && { transfer }),
    };
  });
}
