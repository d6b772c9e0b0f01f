/** What the controls of the basic settings hold, as typed, right or wrong: a property for each line of FIELDS. */
import { GROUPS } from '../../../core/recipe/field';
import { BASIC_IDS, FIELD_DEFAULTS, fieldOf, type BasicId, type FieldValues } from '../../../core/recipe/request';
import { RANDOM_SEED } from './seed';

/** What a number control holds: null while it is empty, NaN while something else stands in it. */
export type NumberDraft = number | null;

/** A seed is digits where it has more than 53 bits, as recipes from elsewhere can. */
type DraftOf<Value> = [number] extends [Value] ? NumberDraft | Extract<Value, string> : Value;

export type BasicDrafts = { -readonly [Id in BasicId]: DraftOf<FieldValues[Id]> };

function initial(): Record<string, unknown> {
  return Object.fromEntries(
    BASIC_IDS.map((id) => [id, fieldOf(id).kind === 'seed' ? RANDOM_SEED : FIELD_DEFAULTS[id]]),
  );
}

class Holder {
  readonly drafts = $state(initial());
}

for (const id of BASIC_IDS)
  Object.defineProperty(Holder.prototype, id, {
    get(this: Holder) {
      return this.drafts[id];
    },
    set(this: Holder, draft: unknown) {
      this.drafts[id] = draft;
    },
  });

export const Basics = Holder as unknown as new () => Holder & BasicDrafts;

/** Ids in the order of the page: the first wrong one gets the focus. */
export const PAGE_IDS: readonly BasicId[] = Object.keys(GROUPS).flatMap((group) =>
  BASIC_IDS.filter((id) => fieldOf(id).group === group),
);
